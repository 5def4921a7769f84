using System.Text.Json;

namespace DiffusionBatch.Pipeline.Results;

/// <summary>How far items of an approximate cell agree with the same items sampled exactly, as its verify files have them.</summary>
/// <param name="Items">Items that were sampled both ways.</param>
/// <param name="EqualItems">Those all of whose tokens are the same.</param>
/// <param name="Tokens">Tokens of the longer of an item's two responses, summed.</param>
/// <param name="EqualTokens">Those that are the same at the same place.</param>
/// <param name="Losses">What each item lost in score, the exact score less its own, in input order, where both have one.</param>
internal sealed record Agreement(int Items, long EqualItems, long Tokens, long EqualTokens, IReadOnlyList<double> Losses)
{
    /// <summary>Reads a verify file.</summary>
    public static Agreement Read(string path)
    {
        int items = 0;
        long equalItems = 0, tokens = 0, equalTokens = 0;
        var losses = new List<double>();
        foreach (string text in File.ReadLines(path))
        {
            using JsonDocument line = JsonDocument.Parse(text);
            JsonElement verify = line.RootElement.GetProperty("verify");
            (long all, long equal) = (verify.GetProperty("tokens").GetInt64(), verify.GetProperty("equal").GetInt64());
            (equalItems, tokens, equalTokens) = (equalItems + (all == equal ? 1 : 0), tokens + all, equalTokens + equal);
            items++;
            JsonElement exact = line.RootElement.GetProperty("score"), own = verify.GetProperty("score");
            if (exact.ValueKind == JsonValueKind.Number && own.ValueKind == JsonValueKind.Number)
                losses.Add(exact.GetDouble() - own.GetDouble());
        }
        return new Agreement(items, equalItems, tokens, equalTokens, losses);
    }

    /// <summary>That of several parts in the order of their items; null where none is known.</summary>
    public static Agreement? Sum(IEnumerable<Agreement?> parts)
    {
        Agreement[] known = [.. parts.OfType<Agreement>()];
        return known.Length == 0 ? null
            : new Agreement(known.Sum(p => p.Items), known.Sum(p => p.EqualItems), known.Sum(p => p.Tokens), known.Sum(p => p.EqualTokens),
                [.. known.SelectMany(p => p.Losses)]);
    }

    /// <summary>The figures that a results' manifest shows.</summary>
    /// <param name="seed">The job's seed, from which the interval is drawn.</param>
    public CellAgreement Figures(long seed)
    {
        var figures = new CellAgreement(Items);
        if (Items == 0) return figures;
        figures = figures with { EqualItems = (double)EqualItems / Items, EqualTokens = Tokens == 0 ? 1 : (double)EqualTokens / Tokens };
        if (Losses.Count == 0) return figures;
        (double low, double high) = Interval(seed);
        return figures with { ScoreLoss = Losses.Average(), Low = low, High = high };
    }

    /// <summary>The percentile bootstrap of the mean (Efron 1979): 1,000 samples with replacement, the middle 95 %.</summary>
    (double Low, double High) Interval(long seed)
    {
        const int Resamples = 1000, Tail = Resamples / 40;
        var draws = new Random((int)(seed ^ (seed >> 32))); // a seed's numbers are the same on every machine
        double[] means = new double[Resamples];
        for (int r = 0; r < Resamples; r++)
        {
            for (int i = 0; i < Losses.Count; i++) means[r] += Losses[draws.Next(Losses.Count)];
            means[r] /= Losses.Count;
        }
        Array.Sort(means);
        return (means[Tail], means[^(Tail + 1)]);
    }
}

/// <summary>How far an approximate cell agrees with the exact sampler, as <c>OUTPUT/manifest.json</c> shows it.</summary>
/// <param name="Items">Items that were sampled both ways.</param>
public sealed record CellAgreement(int Items)
{
    /// <summary>Share of them whose tokens are all the same; null where there are none, like all that follows.</summary>
    public double? EqualItems { get; init; }

    /// <summary>Share of their tokens that are.</summary>
    public double? EqualTokens { get; init; }

    /// <summary>What an item loses in score on average, in nats a token: the exact score less the cell's own.</summary>
    public double? ScoreLoss { get; init; }

    /// <summary>The lower end of the loss's 95 % bootstrap interval.</summary>
    public double? Low { get; init; }

    /// <summary>Its upper end.</summary>
    public double? High { get; init; }
}
