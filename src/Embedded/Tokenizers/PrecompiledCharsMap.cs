using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Microsoft.ML.Tokenizers;

/// <summary>
/// SentencePiece's compiled rewriting rules: a darts-clone double array over UTF-8, whose values are offsets of what a
/// match becomes, each ended by a zero byte.
/// </summary>
internal sealed class PrecompiledCharsMap
{
    readonly uint[] _units;
    readonly byte[] _texts;
    readonly bool[] _starts = new bool[128]; // whether a rule of more than one ASCII character may begin with it

    /// <param name="map">The size of the array in bytes (32 bits), the array, the texts.</param>
    /// <exception cref="InvalidDataException">The sizes contradict each other.</exception>
    public PrecompiledCharsMap(ReadOnlySpan<byte> map)
    {
        uint size = map.Length < 4 ? uint.MaxValue : BinaryPrimitives.ReadUInt32LittleEndian(map);
        if (size == 0 || size % 4 != 0 || size > map.Length - 4) throw new InvalidDataException("The SentencePiece model's precompiled_charsmap is broken.");
        _units = MemoryMarshal.Cast<byte, uint>(map.Slice(4, (int)size)).ToArray();
        if (!BitConverter.IsLittleEndian) BinaryPrimitives.ReverseEndianness(_units, _units);
        _texts = map[(4 + (int)size)..].ToArray();
        for (int b = 1; b < 128; b++) _starts[b] = RewritesAscii((byte)b);
    }

    /// <summary>Whether a text's first character stays as it is whatever ASCII character follows.</summary>
    public bool KeepsBeforeAscii(byte first) => first < 128 && !_starts[first];

    /// <summary>The longest rule that matches at the start of a text.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="replacement">What the match becomes.</param>
    /// <returns>The match's length in bytes; 0 for none.</returns>
    public int Match(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> replacement)
    {
        int longest = 0;
        uint value = 0, node = Offset(_units[0]);
        for (int i = 0; i < text.Length; i++)
        {
            if (!Step(ref node, text[i], out bool ends)) break;
            if (!ends) continue;
            longest = i + 1;
            value = _units[node] & 0x7FFF_FFFF;
        }
        replacement = default;
        if (longest == 0) return 0;
        if (value > _texts.Length) throw new InvalidDataException("The SentencePiece model's precompiled_charsmap is broken.");
        replacement = _texts.AsSpan((int)value);
        int end = replacement.IndexOf((byte)0);
        if (end >= 0) replacement = replacement[..end];
        return longest;
    }

    bool Step(ref uint node, byte label, out bool ends)
    {
        ends = false;
        node ^= label;
        if (label == 0 || node >= _units.Length || (_units[node] & 0x8000_00FF) != label) return false;
        ends = (_units[node] >> 8 & 1) == 1;
        node ^= Offset(_units[node]);
        if (node >= _units.Length) throw new InvalidDataException("The SentencePiece model's precompiled_charsmap is broken.");
        return true;
    }

    bool RewritesAscii(byte first)
    {
        uint node = Offset(_units[0]);
        if (!Step(ref node, first, out bool ends)) return false;
        if (ends) return true;
        for (int b = 1; b < 128; b++)
        {
            uint child = node;
            if (Step(ref child, (byte)b, out _)) return true;
        }
        return false;
    }

    static uint Offset(uint unit) => unit >> 10 << (int)((unit & 1 << 9) >> 6);
}
