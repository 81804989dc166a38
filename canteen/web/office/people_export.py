"""/office/residents/export: the roll as a file, numbers masked; in clear only for who keeps files, with a reason."""

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.response import Template

from canteen.readmodels.office_scope import in_scope, roll_scope
from canteen.readmodels.people_rows import people_rows
from canteen.usecases.note_people_export import PeopleExport, note_people_export
from canteen.web.forms import Form
from canteen.web.office.desk import OfficeDesk, for_section
from canteen.web.people_table import people_cells, people_columns
from canteen.web.tables import kind_of, table_answer

Answer = Response[bytes] | Template


@post("/residents/export", guards=for_section("residents"), status_code=200)
async def export(form: NamedDependency[Form], desk: NamedDependency[OfficeDesk]) -> Answer:
    """Everybody within the scope of whoever asks; written down before the file leaves."""
    kind = kind_of(form.raw("kind"))
    clear = form.raw("clear") == "1" and desk.changes_files
    rows = await desk.database.read(
        people_rows, in_scope(roll_scope(desk.actor)), sealer=desk.sealer, clear=clear, whole_names=True
    )
    noted = PeopleExport(len(rows), kind, clear, form.text("reason", most=120, required=False))
    await desk.database.write(note_people_export, noted, now=desk.now, actor=desk.actor.ref)
    name = f"{desk.t('people.table.name')}-{desk.today.isoformat()}"
    return table_answer(name, people_columns(desk.t, whole=True), people_cells(rows, desk.t, whole=True), kind)
