from saas_admin.platform.health import ready_checks as examine
