"""The messages of Sparkplug B for the protobuf library, from field numbers and types.

Source: Eclipse Sparkplug 3.0, 6.4.1. Only what is read is named; the library skips all other fields.
"""

from google.protobuf import descriptor_pool, message_factory
from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
)

_PACKAGE = "quotawatt.sparkplug"
_TYPES = {
    "bool": FieldDescriptorProto.TYPE_BOOL,
    "bytes": FieldDescriptorProto.TYPE_BYTES,
    "double": FieldDescriptorProto.TYPE_DOUBLE,
    "float": FieldDescriptorProto.TYPE_FLOAT,
    "string": FieldDescriptorProto.TYPE_STRING,
    "uint32": FieldDescriptorProto.TYPE_UINT32,
    "uint64": FieldDescriptorProto.TYPE_UINT64,
}

# By message: field, number, type. "*": repeated; "|": one of the kinds of a value.
# Datasets, templates and extensions are read as bytes, that is, not at all.
_MESSAGES: dict[str, tuple[tuple[str, int, str], ...]] = {
    "Payload": (
        ("timestamp", 1, "uint64"),
        ("metrics", 2, "*Metric"),
        ("seq", 3, "uint64"),
    ),
    "Metric": (
        ("name", 1, "string"),
        ("alias", 2, "uint64"),
        ("timestamp", 3, "uint64"),
        ("datatype", 4, "uint32"),
        ("is_historical", 5, "bool"),
        ("is_null", 7, "bool"),
        ("properties", 9, "PropertySet"),
        ("int_value", 10, "|uint32"),
        ("long_value", 11, "|uint64"),
        ("float_value", 12, "|float"),
        ("double_value", 13, "|double"),
        ("boolean_value", 14, "|bool"),
        ("string_value", 15, "|string"),
        ("bytes_value", 16, "|bytes"),
        ("dataset_value", 17, "|bytes"),
        ("template_value", 18, "|bytes"),
        ("extension_value", 19, "|bytes"),
    ),
    "PropertySet": (
        ("keys", 1, "*string"),
        ("values", 2, "*PropertyValue"),
    ),
    "PropertyValue": (
        ("type", 1, "uint32"),
        ("is_null", 2, "bool"),
        ("int_value", 3, "|uint32"),
        ("long_value", 4, "|uint64"),
        ("float_value", 5, "|float"),
        ("double_value", 6, "|double"),
        ("boolean_value", 7, "|bool"),
        ("string_value", 8, "|string"),
        ("propertyset_value", 9, "|bytes"),
        ("propertysets_value", 10, "|bytes"),
        ("extension_value", 11, "|bytes"),
    ),
}


def _message(name: str, fields: tuple[tuple[str, int, str], ...]) -> DescriptorProto:
    message = DescriptorProto(name=name)
    if any(kind.startswith("|") for _, _, kind in fields):
        message.oneof_decl.add(name="value")
    for field_name, number, kind in fields:
        field = message.field.add(name=field_name, number=number)
        field.label = (
            FieldDescriptorProto.LABEL_REPEATED
            if kind.startswith("*")
            else FieldDescriptorProto.LABEL_OPTIONAL
        )
        if kind.startswith("|"):
            field.oneof_index = 0
        bare = kind.lstrip("*|")
        if bare in _TYPES:
            field.type = _TYPES[bare]
        else:
            field.type = FieldDescriptorProto.TYPE_MESSAGE
            field.type_name = f".{_PACKAGE}.{bare}"
    return message


def _file() -> FileDescriptorProto:
    file = FileDescriptorProto(name="quotawatt/sparkplug.proto", package=_PACKAGE, syntax="proto2")
    file.message_type.extend(_message(name, fields) for name, fields in _MESSAGES.items())
    return file


_POOL = descriptor_pool.DescriptorPool()
_POOL.Add(_file())

PAYLOAD = message_factory.GetMessageClass(_POOL.FindMessageTypeByName(f"{_PACKAGE}.Payload"))
