from saas_admin.ui.jsx import share

FOLDER = share(__file__, __name__)
