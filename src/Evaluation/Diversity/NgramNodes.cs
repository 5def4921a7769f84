using System.Runtime.InteropServices;

namespace DiffusionBatch.Evaluation.Diversity;

/// <summary>Numbers for a corpus' n-grams of one order, from 0 in the order of their first coming; exact, no hashes compared in place of n-grams.</summary>
internal sealed class NgramNodes
{
    readonly Dictionary<long, int> _inner = []; // (prefix, token) -> prefix; prefixes from 0, the empty one is -1
    readonly Dictionary<long, int> _grams = [];

    /// <summary>An n-gram's number.</summary>
    public int Of(ReadOnlySpan<int> tokens, out bool known)
    {
        int prefix = -1;
        for (int k = 0; k < tokens.Length - 1; k++) prefix = Number(_inner, prefix, tokens[k], out _);
        return Number(_grams, prefix, tokens[^1], out known);
    }

    static int Number(Dictionary<long, int> numbers, int prefix, int token, out bool known)
    {
        ref int number = ref CollectionsMarshal.GetValueRefOrAddDefault(numbers, ((long)prefix << 32) | (uint)token, out known);
        return known ? number : number = numbers.Count - 1;
    }
}
