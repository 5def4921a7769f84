namespace Microsoft.ML.Tokenizers;

/// <summary>
/// Byte strings with a number each, as a double array: the child of the node with base b by byte c is unit b ^ c, if that
/// unit's label is c. No two nodes with children have one base, so the label alone tells whose child a unit is; the others
/// have base 0, whose 256 units stay free. One load a byte.
/// </summary>
internal sealed class PieceTrie
{
    /// <summary>The node that every search starts at.</summary>
    public const int Root = 256;

    /// <summary>There is no such node.</summary>
    public const int None = -1;

    // value (32 bits) | base (23 bits) | label + 1 (9 bits); label 0: the unit is free.
    readonly ulong[] _units;

    internal PieceTrie(ulong[] units) => _units = units;

    /// <summary>The child of a node by one byte, or <see cref="None"/>.</summary>
    public int Child(int node, byte label)
    {
        int child = (int)(_units[node] >> 9 & 0x7F_FFFF) ^ label;
        return (_units[child] & 0x1FF) == (uint)label + 1 ? child : None;
    }

    /// <summary>The number of the string that ends at a node, or -1.</summary>
    public int Value(int node) => (int)(_units[node] >> 32);

    /// <summary>The number of a whole string, or -1.</summary>
    public int Find(ReadOnlySpan<byte> text)
    {
        int node = Root;
        foreach (byte b in text)
            if ((node = Child(node, b)) == None) return -1;
        return Value(node);
    }

    /// <summary>The length of the longest string that the text begins with; 0 for none.</summary>
    public int LongestPrefix(ReadOnlySpan<byte> text)
    {
        int longest = 0;
        for (int i = 0, node = Root; i < text.Length && (node = Child(node, text[i])) != None; i++)
            if (Value(node) >= 0) longest = i + 1;
        return longest;
    }
}
