// The table of permissions as the server enforces it: `groups` is made from core/permissions.py.
import { Check, Minus } from "lucide-react";
import { useT } from "$/public/external/saas_admin/ui/jsx/i18n.js";

const ROLES = ["admin", "support", "marketing"];
export function RolesTable({ groups }) {
  const t = useT();
  return (
    <div className="form">
      <section className="card over">
        <table className="tb roles">
          <thead>
            <tr>
              <th scope="col">{t("settings.roles.permission")}</th>
              {ROLES.map((role) => <th scope="col" key={role} className="mid">{t(`common.role.${role}`)}</th>)}
            </tr>
          </thead>
          {(groups ?? []).map(({ group, permissions }) => (
            <tbody key={group}>
              <tr className="grp"><th scope="rowgroup" colSpan={4}>{t(`settings.group.${group}`)}</th></tr>
              {permissions.map(({ key, roles }) => (
                <tr key={key} data-permission={key}>
                  <th scope="row">{t(`settings.permission.${key}`)}</th>
                  {ROLES.map((role) => (
                    <td key={role} className="mid" data-role={role} data-may={roles.includes(role)}>
                      {roles.includes(role) ? <Check className="i yes" aria-hidden="true" /> : <Minus className="i no" aria-hidden="true" />}
                      <span className="sr">{t(roles.includes(role) ? "settings.roles.yes" : "settings.roles.no")}</span>
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          ))}
        </table>
      </section>
      <section className="card">
        <header><h2 className="title-s grow">{t("settings.roles.sights")}</h2></header>
        <div className="body">
          <p className="t3 measure" style={{ marginBottom: 14 }}>{t("settings.roles.sights_line")}</p>
          <dl className="sights">
            {["all", "unassigned", "own"].map((sight) => [<dt key={sight} className="strong">{t(`settings.sight.${sight}`)}</dt>, <dd key={`${sight}-is`} className="t2">{t(`settings.sight.${sight}_text`)}</dd>])}
          </dl>
        </div>
      </section>
    </div>
  );
}
