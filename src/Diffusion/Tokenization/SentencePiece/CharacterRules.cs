using System.Buffers.Binary;

namespace DiffusionBatch.Diffusion.Tokenization.SentencePiece;

/// <summary>
/// SentencePiece's rewriting rules as its models and tokenizer.json hold them (<c>precompiled_charsmap</c>): a darts-clone
/// double array over UTF-8, whose values are the places of what a match becomes, each text ended by a zero byte.
/// </summary>
internal sealed class CharacterRules
{
    const uint IsValue = 1u << 31;

    readonly uint[] _units;
    readonly byte[] _texts;
    readonly bool[] _begins = new bool[128]; // whether a rule of ASCII alone begins with the character

    CharacterRules(uint[] units, byte[] texts)
    {
        (_units, _texts) = (units, texts);
        for (byte first = 1; first < 128; first++)
        {
            uint node = Offset(units[0]);
            if (!Step(ref node, first, out bool ends)) continue;
            _begins[first] = ends;
            for (byte second = 1; second < 128 && !_begins[first]; second++)
            {
                uint child = node;
                _begins[first] = Step(ref child, second, out _);
            }
        }
    }

    /// <summary>Reads the rules.</summary>
    /// <param name="map">The array's size in bytes (32 bits, little endian), the array, the texts.</param>
    /// <param name="rules">The rules; null where <paramref name="map"/> is empty or broken.</param>
    /// <returns>Whether it is not broken.</returns>
    public static bool TryRead(ReadOnlySpan<byte> map, out CharacterRules? rules)
    {
        rules = null;
        if (map.IsEmpty) return true;
        if (map.Length < 4 || BinaryPrimitives.ReadUInt32LittleEndian(map) is var size
            && (size == 0 || size % 4 != 0 || size > map.Length - 4)) return false;
        uint[] units = new uint[size / 4];
        for (int i = 0; i < units.Length; i++) units[i] = BinaryPrimitives.ReadUInt32LittleEndian(map[(4 + 4 * i)..]);
        byte[] texts = map[(4 + (int)size)..].ToArray();
        foreach (uint unit in units)
            if ((unit & IsValue) != 0 && (unit & ~IsValue) >= texts.Length) return false;
        rules = new CharacterRules(units, texts);
        return true;
    }

    /// <summary>Whether an ASCII character stays as it is wherever another one follows.</summary>
    public bool KeepsBeforeAscii(byte first) => !_begins[first];

    /// <summary>The longest rule that matches at the start of a text.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="replacement">What the match becomes.</param>
    /// <returns>The match's length in bytes; 0 for none.</returns>
    public int Match(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> replacement)
    {
        int longest = 0;
        uint node = Offset(_units[0]), place = 0;
        for (int i = 0; i < text.Length && Step(ref node, text[i], out bool ends); i++)
            if (ends) (longest, place) = (i + 1, _units[node] & ~IsValue);
        replacement = longest == 0 || place >= _texts.Length ? default : _texts.AsSpan((int)place);
        if (replacement.IndexOf((byte)0) is >= 0 and var end) replacement = replacement[..end];
        return longest;
    }

    /// <summary>Goes one byte on. A place is where the children of a node are counted from.</summary>
    bool Step(ref uint node, byte label, out bool ends)
    {
        ends = false;
        node ^= label;
        if (label == 0 || node >= _units.Length) return false;
        uint unit = _units[node];
        if ((unit & (IsValue | 0xFF)) != label) return false;
        ends = (unit >> 8 & 1) == 1;
        node ^= Offset(unit);
        return node < _units.Length;
    }

    // Bit 9 says whether the offset is counted in units or in blocks of 256.
    static uint Offset(uint unit) => unit >> 10 << (int)((unit & 1 << 9) >> 6);
}
