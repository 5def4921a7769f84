using System.Text;
using Google.Protobuf;

namespace DiffusionBatch.Cli.Tests.Otlp;

/// <summary>A protocol buffer read without its description: values by field number, in order.</summary>
internal sealed class ProtoFields
{
    readonly List<(int Field, ulong Number, byte[] Bytes)> _fields = [];

    public ProtoFields(byte[] message)
    {
        var input = new CodedInputStream(message);
        for (uint tag; (tag = input.ReadTag()) != 0;)
        {
            int field = WireFormat.GetTagFieldNumber(tag);
            _fields.Add(WireFormat.GetTagWireType(tag) switch
            {
                WireFormat.WireType.Varint => (field, input.ReadUInt64(), []),
                WireFormat.WireType.Fixed64 => (field, input.ReadFixed64(), []),
                WireFormat.WireType.Fixed32 => (field, input.ReadFixed32(), []),
                WireFormat.WireType.LengthDelimited => (field, 0, input.ReadBytes().ToByteArray()),
                var other => throw new InvalidDataException($"Field {field} has wire type {other}."),
            });
        }
    }

    public IEnumerable<ProtoFields> All(int field) => _fields.Where(f => f.Field == field).Select(f => new ProtoFields(f.Bytes));

    public string Text(int field) => Encoding.UTF8.GetString(Bytes(field));

    public string Hex(int field) => Convert.ToHexStringLower(Bytes(field));

    public ulong Number(int field) => _fields.FirstOrDefault(f => f.Field == field).Number;

    public bool Has(int field) => _fields.Exists(f => f.Field == field);

    byte[] Bytes(int field) => _fields.FirstOrDefault(f => f.Field == field).Bytes ?? [];
}
