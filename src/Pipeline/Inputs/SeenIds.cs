using System.Runtime.InteropServices;

namespace DiffusionBatch.Pipeline.Inputs;

/// <summary>The ids of a file with the line of each, some 40 bytes an id whatever its length: each is kept as its <see cref="IdHash"/>.</summary>
internal sealed class SeenIds
{
    readonly Dictionary<UInt128, int> _lines = [];

    /// <summary>Adds an id; the line that has it already, or 0 where it is new.</summary>
    public int Add(string id, int line)
    {
        ref int first = ref CollectionsMarshal.GetValueRefOrAddDefault(_lines, IdHash.Of(id), out bool exists);
        if (exists) return first;
        first = line;
        return 0;
    }
}
