using System.Runtime.InteropServices;

namespace DiffusionBatch.Pipeline.Inputs;

/// <summary>The ids of a file with the line of each, some 50 bytes an id whatever its length: each is kept as its <see cref="IdHash"/>.</summary>
internal sealed class SeenIds
{
    // One table of a million entries would be copied whole whenever it grows: for a while it would take double, in arrays
    // that no collection moves. Many small ones grow one by one.
    const int Tables = 4096;

    readonly Dictionary<Key, int>?[] _lines = new Dictionary<Key, int>[Tables];

    /// <summary>Adds an id; the line that has it already, or 0 where it is new.</summary>
    public int Add(string id, int line)
    {
        UInt128 hash = IdHash.Of(id);
        var key = new Key((ulong)(hash >> 64), (ulong)hash);
        ref int first = ref CollectionsMarshal.GetValueRefOrAddDefault(_lines[(int)(key.Low % Tables)] ??= [], key, out bool exists);
        if (exists) return first;
        first = line;
        return 0;
    }

    // As two halves it is aligned to 8 bytes, which makes an entry of the table 32 bytes; UInt128 would make it 48.
    readonly record struct Key(ulong High, ulong Low)
    {
        public override int GetHashCode() => High.GetHashCode();
    }
}
