using System.Buffers.Binary;
using System.Text;

namespace DiffusionBatch.Embedded.Tokenizers.Tests;

/// <summary>Writes small SentencePiece models.</summary>
internal sealed class ModelFile
{
    readonly List<byte> _bytes = [];

    public ModelFile Piece(string text, float score, int type = 1)
    {
        var piece = new List<byte>();
        Bytes(piece, 1, Encoding.UTF8.GetBytes(text));
        piece.Add(2 << 3 | 5);
        byte[] single = new byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(single, score);
        piece.AddRange(single);
        Varint(piece, 3, type);
        Bytes(_bytes, 1, [.. piece]);
        return this;
    }

    public ModelFile Trainer(int type, bool byteFallback = false, bool suffix = false)
    {
        var trainer = new List<byte>();
        Varint(trainer, 3, type);
        Varint(trainer, 24, suffix ? 1 : 0);
        Varint(trainer, 35, byteFallback ? 1 : 0);
        Bytes(_bytes, 2, [.. trainer]);
        return this;
    }

    public ModelFile Normalizer(bool prefix = true, bool removeExtra = true, bool escape = true)
    {
        var normalizer = new List<byte>();
        Varint(normalizer, 3, prefix ? 1 : 0);
        Varint(normalizer, 4, removeExtra ? 1 : 0);
        Varint(normalizer, 5, escape ? 1 : 0);
        Bytes(_bytes, 3, [.. normalizer]);
        return this;
    }

    public MemoryStream Open() => new([.. _bytes]);

    static void Bytes(List<byte> output, int field, byte[] value)
    {
        Raw(output, (ulong)field << 3 | 2);
        Raw(output, (ulong)value.Length);
        output.AddRange(value);
    }

    static void Varint(List<byte> output, int field, int value)
    {
        Raw(output, (ulong)field << 3);
        Raw(output, (ulong)value);
    }

    static void Raw(List<byte> output, ulong value)
    {
        for (; value >= 0x80; value >>= 7) output.Add((byte)(value | 0x80));
        output.Add((byte)value);
    }
}
