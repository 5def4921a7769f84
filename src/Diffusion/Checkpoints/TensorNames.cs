namespace DiffusionBatch.Diffusion.Checkpoints;

/// <summary>
/// Takes off a file's tensor names what wrappers put on them: the segments of torch.compile and FSDP wherever they stand, and a
/// prefix that all names share, such as DistributedDataParallel's <c>module.</c>, where the names fit better without it.
/// </summary>
sealed class TensorNames
{
    static readonly string[] Marks = ["._orig_mod.", "._fsdp_wrapped_module.", "._checkpoint_wrapped_module."];

    readonly string _prefix;

    /// <summary>Finds the prefix.</summary>
    /// <param name="names">The names of all tensors.</param>
    /// <param name="fits">Whether a name, without its prefix, is one that is expected.</param>
    /// <param name="preferred">The end of the prefix that is taken where several fit as well; otherwise the shortest is.</param>
    public TensorNames(IEnumerable<string> names, Func<string, bool> fits, string preferred = "")
    {
        var plain = names.Select(Unmarked).ToList();
        _prefix = Prefixes(plain).OrderByDescending(p => plain.Count(name => fits(name[p.Length..])))
            .ThenByDescending(p => p.EndsWith(preferred, StringComparison.Ordinal)).ThenBy(p => p.Length).First();
    }

    /// <summary>A tensor's name without what wrappers put on it.</summary>
    public string Plain(string name)
    {
        string unmarked = Unmarked(name);
        return unmarked.StartsWith(_prefix, StringComparison.Ordinal) ? unmarked[_prefix.Length..] : unmarked;
    }

    static string Unmarked(string name)
    {
        // With a dot before it, a mark is the same at the start of a name and inside it.
        string dotted = "." + name;
        foreach (string mark in Marks) dotted = dotted.Replace(mark, ".", StringComparison.Ordinal);
        return dotted[1..];
    }

    /// <summary>What all names begin with, up to each of its dots; nothing first.</summary>
    static List<string> Prefixes(List<string> names)
    {
        List<string> prefixes = [""];
        if (names.Count == 0) return prefixes;
        string first = names[0];
        for (int dot = first.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = first.IndexOf('.', dot + 1))
        {
            string prefix = first[..(dot + 1)];
            if (!names.TrueForAll(name => name.StartsWith(prefix, StringComparison.Ordinal))) break;
            prefixes.Add(prefix);
        }
        return prefixes;
    }
}
