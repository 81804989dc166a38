"""Reads JSON bodies strictly: `"2"` is no number and 1.0 no count of portions. The framework's own reading converts."""

import re
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from litestar.dto import AbstractDTO
from litestar.exceptions import ClientException, ValidationException
from litestar.typing import FieldDefinition

if TYPE_CHECKING:
    from collections.abc import Generator

    from litestar._openapi.schema_generation import SchemaCreator
    from litestar.dto.data_structures import DTOFieldDefinition
    from litestar.openapi.spec import Reference, Schema

T = TypeVar("T")
_AT = re.compile(r"^(?P<problem>.*?)(?: - at `\$\.?(?P<field>.*)`)?$", re.DOTALL)


_DECODERS: dict[type[Any], msgspec.json.Decoder[Any]] = {}
"""Made once for each kind of body."""


class StrictBody(AbstractDTO[T]):
    """`dto=StrictBody[OrderBody], return_dto=None` on a handler with `data: JSONBody[OrderBody]`."""

    def decode_bytes(self, value: bytes) -> Any:  # noqa: ANN401 - as declared by the base
        """The body as a Struct.

        Raises:
            ValidationException: a field is missing or of another type; the path of the field comes along.
            ClientException: no JSON, or not in UTF-8.
        """
        decoder = _DECODERS.get(self.model_type)
        if decoder is None:
            decoder = _DECODERS[self.model_type] = msgspec.json.Decoder(self.model_type)
        try:
            return decoder.decode(value)
        except msgspec.ValidationError as error:
            found = _AT.match(str(error))
            problem, field = (found["problem"], found["field"] or "") if found else (str(error), "")
            raise ValidationException(extra=[{"key": field, "message": problem}]) from error
        except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
            raise ClientException("the body is no JSON in UTF-8") from error

    @classmethod
    def create_for_field_definition(cls, *_: object, **__: object) -> None:
        """Nothing to prepare: the Struct itself is what is read."""

    @classmethod
    def is_supported_model_type_field(cls, field_definition: FieldDefinition) -> bool:
        """Bodies only."""
        return field_definition.name == "data"

    @classmethod
    def create_openapi_schema(
        cls,
        field_definition: FieldDefinition,
        handler_id: str,
        schema_creator: "SchemaCreator",
    ) -> "Reference | Schema":
        """The Struct's own schema."""
        return schema_creator.for_field_definition(field_definition)

    @classmethod
    def generate_field_definitions(cls, model_type: type[Any]) -> "Generator[DTOFieldDefinition, None, None]":
        """Unused: nothing is renamed or left out."""
        raise NotImplementedError(model_type)

    @classmethod
    def detect_nested_field(cls, field_definition: FieldDefinition) -> bool:
        """Unused."""
        return False
