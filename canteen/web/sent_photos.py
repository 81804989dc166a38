"""Photos of papers as a form brings them, from a phone or from a desk."""

from litestar.datastructures import FormMultiDict, UploadFile

from canteen.applications.errors import TooManyPhotos
from canteen.applications.evidence import MOST, Photo, read_photo


def sent_photos(form: FormMultiDict) -> tuple[Photo, ...]:
    """Every file sent as `photo`, read anew; fields left empty are none. Takes a while: not on the loop.

    Raises:
        applications.errors.TooManyPhotos: more than three at once.
        applications.errors.PdfRefused, menus.errors.MenuError: as `read_photo`.
    """
    sent = [one for one in form.getall("photo", []) if isinstance(one, UploadFile) and one.filename]
    if len(sent) > MOST:
        raise TooManyPhotos(most=MOST)
    return tuple(read_photo(data) for one in sent if (data := one.file.read()))
