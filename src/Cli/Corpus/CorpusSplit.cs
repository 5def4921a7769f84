using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace DiffusionBatch.Cli.Corpus;

/// <summary>
/// A deterministic split into train, validation and test. Pairs that share a sentence on either side (compared by
/// <see cref="MessageText.Key"/>, so that case and punctuation don't matter) stay together, so no sentence is on two sides
/// of the split; each group goes where the hash of its first target side sends it.
/// </summary>
internal sealed record CorpusSplit(IReadOnlyList<MessagePair> Train, IReadOnlyList<MessagePair> Validation, IReadOnlyList<MessagePair> Test)
{
    /// <summary>The share of the groups, in thousandths, that goes to validation, and again to test.</summary>
    public const int HeldOutPerMille = 50;

    /// <summary>Splits; the order within each part is that of <paramref name="pairs"/>.</summary>
    public static CorpusSplit Of(IReadOnlyList<MessagePair> pairs)
    {
        int[] parent = Group(pairs);
        var names = new Dictionary<int, string>();
        for (int i = 0; i < pairs.Count; i++)
        {
            string name = MessageText.Key(pairs[i].Target);
            int root = Root(parent, i);
            if (!names.TryGetValue(root, out string? first) || string.CompareOrdinal(name, first) < 0) names[root] = name;
        }
        List<MessagePair> train = [], validation = [], test = [];
        for (int i = 0; i < pairs.Count; i++)
        {
            uint bucket = Bucket(names[Root(parent, i)]);
            (bucket < HeldOutPerMille ? test : bucket < 2 * HeldOutPerMille ? validation : train).Add(pairs[i]);
        }
        return new CorpusSplit(train, validation, test);
    }

    // Union-find over the pairs: equal keys on the same side join.
    static int[] Group(IReadOnlyList<MessagePair> pairs)
    {
        int[] parent = [.. Enumerable.Range(0, pairs.Count)];
        var seen = new Dictionary<(bool IsTarget, string Key), int>();
        for (int i = 0; i < pairs.Count; i++)
        {
            foreach (var side in new[] { (false, MessageText.Key(pairs[i].Source)), (true, MessageText.Key(pairs[i].Target)) })
                if (!seen.TryAdd(side, i)) parent[Root(parent, i)] = Root(parent, seen[side]);
        }
        return parent;
    }

    static int Root(int[] parent, int i)
    {
        while (parent[i] != i) i = parent[i] = parent[parent[i]];
        return i;
    }

    static uint Bucket(string name) => BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(name))) % 1000;
}
