namespace DiffusionBatch.Evaluation.Metrics;

/// <summary>Walks hypotheses and references side by side.</summary>
internal static class Segments
{
    /// <exception cref="ArgumentException">There are more of the ones than of the others.</exception>
    public static IEnumerable<(string Hypothesis, IReadOnlyList<string> References)> Pair(IEnumerable<string> hypotheses,
        IEnumerable<IReadOnlyList<string>> references)
    {
        using var h = hypotheses.GetEnumerator();
        using var r = references.GetEnumerator();
        for (int count = 0; ; count++)
        {
            bool more = h.MoveNext();
            if (more != r.MoveNext())
                throw new ArgumentException($"There are {(more ? "more" : "fewer")} hypotheses than references; only {count} pair up.",
                    nameof(hypotheses));
            if (!more) yield break;
            yield return (h.Current, r.Current);
        }
    }
}
