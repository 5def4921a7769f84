using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Randomness;
using DiffusionBatch.Diffusion.Sampling.Passes;
using DiffusionBatch.Diffusion.Sampling.Steps;
using DiffusionBatch.Diffusion.Sampling.Sweeps;

namespace DiffusionBatch.Diffusion.Sampling.Autoregression;

/// <summary>
/// One response that is written token by token: the likeliest each time, a drawn one, or by beam search. It ends with the closing token,
/// which counts in the score and isn't among the ids, or at its length.
/// </summary>
/// <param name="prompt">At least one token.</param>
/// <param name="settings">Canonical.</param>
/// <param name="length">The most tokens.</param>
/// <param name="draws">The stream of (seed, item, candidate).</param>
/// <param name="eos">The closing token; -1 for none.</param>
/// <param name="traced">Whether steps are recorded.</param>
internal sealed class Search(int[] prompt, SamplerSettings settings, int length, CounterRandom draws, int eos, bool traced) : Candidate
{
    readonly int width = settings.Beam ?? 1;
    readonly List<Hypothesis> ended = [];
    List<Hypothesis> live = [Hypothesis.Empty], next = [];
    List<int> rows = [0], nextRows = [];
    Hypothesis? best;

    /// <summary>The prompt.</summary>
    public int[] Prompt => prompt;

    /// <summary>Tokens of prompt and hypothesis while it goes on.</summary>
    public int Tokens => prompt.Length + live[0].Count;

    /// <summary>The hypotheses that go on, all of as many tokens.</summary>
    public IReadOnlyList<Hypothesis> Live => live;

    /// <summary>For each of them its row of the table: before a step where it stands, after it where what it goes on from stood.</summary>
    public List<int> Rows => rows;

    /// <summary>Whether keys and values are kept.</summary>
    public bool Keeps => settings.Cache != CacheKind.None;

    /// <summary>Whether whole rows of logits are needed, not the likeliest token alone.</summary>
    public bool WantsLogits => settings.Temperature > 0 || width > 1;

    /// <summary>Whether no hypothesis goes on.</summary>
    public bool IsDone => live.Count == 0;

    /// <inheritdoc/>
    public override double Score => Best.Mean;

    /// <inheritdoc/>
    public override int[] Ids => [.. Written().Select(h => h.Token)];

    /// <inheritdoc/>
    public override IReadOnlyList<TraceStep>? Trace =>
        !traced ? null : [.. Written().Select(h => new TraceStep(h.Count, [new TraceWrite(h.Count - 1, h.Token, h.LogProbability)], []))];

    /// <inheritdoc/>
    public override PassCount Passes(SampleItem item) =>
        new(prompt.Length, prompt.Length + Math.Max(0, Nfe - 1), Keeps ? Nfe : 1, Nfe) { Work = Keeps ? 1 : null };

    Hypothesis Best => best ??= ended.Count == 0 ? Hypothesis.Empty : ended.Aggregate((a, b) => b.Mean > a.Mean ? b : a); // of equals the earlier

    /// <summary>Without room for a token it is done at once.</summary>
    public bool IsEmpty => length == 0;

    /// <summary>Takes a step: each hypothesis gets a token more, or ends.</summary>
    /// <param name="predicted">The tokens after the hypotheses, at their <see cref="Rows"/>.</param>
    /// <param name="tempered">The source of draws.</param>
    /// <param name="seconds">What a pass of one hypothesis took.</param>
    public void Advance(CanvasRows predicted, TemperedRows tempered, double seconds)
    {
        Nfe += live.Count;
        Seconds += seconds * live.Count;
        next.Clear();
        nextRows.Clear();
        if (width > 1) Extend(predicted);
        else
        {
            var (token, logProbability) = Choose(predicted, tempered);
            Add(0, token, logProbability);
        }
        (live, next) = (next, live);
        (rows, nextRows) = (nextRows, rows);
    }

    // The best hypothesis without its closing token.
    IEnumerable<Hypothesis> Written() => Best.Path().Where(h => h.Count < Best.Count || h.Token != eos);

    (int Token, float LogProbability) Choose(CanvasRows predicted, TemperedRows tempered)
    {
        int row = rows[0], at = live[0].Count;
        if (settings.Temperature == 0) return (predicted.Tokens[row], predicted.Scores[row]);
        tempered.Bind(predicted, settings);
        return tempered.Draw(row, draws.At(at + 1).At(0).Uniform(at));
    }

    /// <summary>
    /// A step of beam search: all extensions of all hypotheses in order of their summed log-probabilities, of equals the earlier hypothesis
    /// and then the earlier token. Those of the first b that close have ended; the first b that don't go on. The search is over once b
    /// have ended.
    /// </summary>
    void Extend(CanvasRows predicted)
    {
        var extensions = new List<(double Sum, int Parent, int Token, float LogProbability)>();
        for (int h = 0; h < live.Count; h++)
        {
            var logits = predicted.LogitsOf(rows[h]);
            float normalizer = predicted.LogNormalizers[rows[h]];
            foreach (int token in LikeliestTokens.Of(logits, 2 * width))
                extensions.Add((live[h].Sum + (logits[token] - normalizer), h, token, logits[token] - normalizer));
        }
        extensions.Sort((a, b) => (-a.Sum, a.Parent, a.Token).CompareTo((-b.Sum, b.Parent, b.Token)));
        for (int rank = 0, going = 0; rank < extensions.Count && going < width; rank++)
        {
            var (_, parent, token, logProbability) = extensions[rank];
            if (token != eos) going++;
            else if (rank >= width) continue;
            Add(parent, token, logProbability);
        }
        if (ended.Count < width) return;
        next.Clear();
        nextRows.Clear();
    }

    void Add(int parent, int token, float logProbability)
    {
        var hypothesis = new Hypothesis(live[parent], token, logProbability);
        if (token == eos || hypothesis.Count >= length)
        {
            ended.Add(hypothesis);
            return;
        }
        next.Add(hypothesis);
        nextRows.Add(rows[parent]);
    }
}
