using System.Globalization;

namespace DiffusionBatch.Diffusion.Tokenization.Unicode;

/// <summary>What normalization needs of the Unicode Character Database, read once from the assembly.</summary>
internal sealed class UnicodeTables
{
    static readonly Lazy<UnicodeTables> s_instance = new(() => new UnicodeTables());

    readonly Dictionary<int, byte> _classes = [];
    readonly Dictionary<int, (bool Canonical, int[] Parts)> _decompositions = [];
    readonly Dictionary<long, int> _compositions = [];

    UnicodeTables()
    {
        using var reader = new StreamReader(typeof(UnicodeTables).Assembly.GetManifestResourceStream("normalization")!);
        var composed = new List<(int Whole, int[] Parts)>();
        while (reader.ReadLine() is { } line)
        {
            int at = line.AsSpan().IndexOfAny('-', '=', '!') is >= 0 and var i ? i : line.IndexOf('~', StringComparison.Ordinal);
            if (line.StartsWith('#')) continue;
            int first = Hex(line[..at]);
            if (line[at] == '-')
            {
                int colon = line.IndexOf(':', StringComparison.Ordinal);
                byte value = byte.Parse(line.AsSpan(colon + 1), CultureInfo.InvariantCulture);
                for (int scalar = first; scalar <= Hex(line[(at + 1)..colon]); scalar++) _classes[scalar] = value;
                continue;
            }
            int[] parts = [.. line[(at + 1)..].Split(' ').Select(Hex)];
            _decompositions[first] = (line[at] != '~', parts);
            if (line[at] == '=' && parts.Length == 2) composed.Add((first, parts));
        }
        // Nothing is composed to or from what doesn't begin with a starter.
        foreach (var (whole, parts) in composed)
            if (ClassOf(whole) == 0 && ClassOf(parts[0]) == 0) _compositions[Key(parts[0], parts[1])] = whole;

        static int Hex(string text) => int.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }

    /// <summary>The tables.</summary>
    public static UnicodeTables Instance => s_instance.Value;

    /// <summary>The canonical combining class; 0 for starters.</summary>
    public byte ClassOf(int scalar) => scalar < 0x300 ? (byte)0 : _classes.GetValueOrDefault(scalar);

    /// <summary>One step of decomposition, or null.</summary>
    public int[]? Decompose(int scalar, bool compatibility) =>
        scalar >= 0xA0 && _decompositions.TryGetValue(scalar, out var found) && (found.Canonical || compatibility) ? found.Parts : null;

    /// <summary>What two scalars compose to, or -1.</summary>
    public int Compose(int first, int second) => _compositions.GetValueOrDefault(Key(first, second), -1);

    static long Key(int first, int second) => (long)first << 32 | (uint)second;
}
