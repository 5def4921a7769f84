using System.Buffers.Binary;

namespace Microsoft.ML.Tokenizers;

/// <summary>Walks the fields of one protocol buffer message.</summary>
internal ref struct ProtoReader(ReadOnlySpan<byte> message)
{
    readonly ReadOnlySpan<byte> _message = message;
    int _at;
    int _wireType;

    /// <summary>The number of the field that <see cref="Next"/> came to.</summary>
    public int Field { get; private set; }

    /// <summary>Where the bytes that <see cref="Bytes"/> gave begin in the message.</summary>
    public int BytesStart { get; private set; }

    /// <summary>Comes to the next field; false at the end.</summary>
    public bool Next()
    {
        if (_at == _message.Length) return false;
        ulong key = Varint();
        Field = (int)(key >> 3);
        _wireType = (int)(key & 7);
        return true;
    }

    /// <summary>The field's bytes: a string or a message.</summary>
    public ReadOnlySpan<byte> Bytes()
    {
        Expect(2);
        ulong length = Varint();
        if (length > (ulong)(_message.Length - _at)) throw Broken();
        BytesStart = _at;
        _at += (int)length;
        return _message.Slice(BytesStart, (int)length);
    }

    /// <summary>The field's 32-bit float.</summary>
    public float Single()
    {
        Expect(5);
        return BinaryPrimitives.ReadSingleLittleEndian(Take(4));
    }

    /// <summary>The field's integer.</summary>
    public int Integer()
    {
        Expect(0);
        return (int)(long)Varint();
    }

    /// <summary>The field's boolean.</summary>
    public bool Flag() => Integer() != 0;

    /// <summary>Leaves the field out.</summary>
    public void Skip()
    {
        switch (_wireType)
        {
            case 0: Varint(); break;
            case 1: Take(8); break;
            case 2: Bytes(); break;
            case 5: Take(4); break;
            default: throw Broken();
        }
    }

    ReadOnlySpan<byte> Take(int count)
    {
        if (count > _message.Length - _at) throw Broken();
        _at += count;
        return _message.Slice(_at - count, count);
    }

    ulong Varint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            if (_at == _message.Length) throw Broken();
            byte b = _message[_at++];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80) return value;
        }
        throw Broken();
    }

    readonly void Expect(int wireType)
    {
        if (_wireType != wireType) throw Broken();
    }

    readonly InvalidDataException Broken() => new($"The SentencePiece model is truncated or no SentencePiece model (at byte {_at} of a message of {_message.Length}).");
}
