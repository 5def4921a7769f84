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
    readonly int _width = settings.Beam ?? 1;
    readonly List<Hypothesis> _ended = [];
    List<Hypothesis> _live = [Hypothesis.Empty], _next = [];
    List<int> _rows = [0], _nextRows = [];
    Hypothesis? _best;

    /// <summary>The prompt.</summary>
    public int[] Prompt => prompt;

    /// <summary>Tokens of prompt and hypothesis while it goes on.</summary>
    public int Tokens => prompt.Length + _live[0].Count;

    /// <summary>The hypotheses that go on, all of as many tokens.</summary>
    public IReadOnlyList<Hypothesis> Live => _live;

    /// <summary>For each of them its row of the table: before a step where it stands, after it where what it goes on from stood.</summary>
    public List<int> Rows => _rows;

    /// <summary>Whether keys and values are kept, and whether products are computed in bfloat16.</summary>
    public (bool Keeps, bool Rounds) Kind => (settings.Cache != CacheKind.None, settings.Precision == SamplingPrecision.Bfloat16);

    /// <summary>Whether whole rows of logits are needed, not the likeliest token alone.</summary>
    public bool WantsLogits => settings.Temperature > 0 || _width > 1;

    /// <summary>Whether no hypothesis goes on.</summary>
    public bool IsDone => _live.Count == 0;

    /// <inheritdoc/>
    public override double Score => Best.Mean;

    /// <inheritdoc/>
    public override int[] Ids => [.. Written().Select(h => h.Token)];

    /// <inheritdoc/>
    public override IReadOnlyList<TraceStep>? Trace =>
        !traced ? null : [.. Written().Select(h => new TraceStep(h.Count, [new TraceWrite(h.Count - 1, h.Token, h.LogProbability)], []))];

    /// <inheritdoc/>
    public override PassCount Passes(SampleItem item) =>
        new(prompt.Length, prompt.Length + Math.Max(0, Nfe - 1), Kind.Keeps ? Nfe : 1, Nfe) { Work = Kind.Keeps ? 1 : null };

    Hypothesis Best => _best ??= _ended.Count == 0
        ? Hypothesis.Empty
        : _ended.Aggregate((a, b) => b.Mean > a.Mean ? b : a); // of equals the earlier

    /// <summary>Without room for a token it is done at once.</summary>
    public bool IsEmpty => length == 0;

    /// <summary>Takes a step: each hypothesis gets a token more, or ends.</summary>
    /// <param name="predicted">The tokens after the hypotheses, at their <see cref="Rows"/>.</param>
    /// <param name="tempered">The source of draws.</param>
    /// <param name="seconds">What a pass of one hypothesis took.</param>
    public void Advance(CanvasRows predicted, TemperedRows tempered, double seconds)
    {
        Nfe += _live.Count;
        Seconds += seconds * _live.Count;
        _next.Clear();
        _nextRows.Clear();
        if (_width > 1) Extend(predicted);
        else
        {
            var (token, logProbability) = Choose(predicted, tempered);
            Add(0, token, logProbability);
        }
        (_live, _next) = (_next, _live);
        (_rows, _nextRows) = (_nextRows, _rows);
    }

    // The best hypothesis without its closing token.
    IEnumerable<Hypothesis> Written() => Best.Path().Where(h => h.Count < Best.Count || h.Token != eos);

    (int Token, float LogProbability) Choose(CanvasRows predicted, TemperedRows tempered)
    {
        int row = _rows[0], at = _live[0].Count;
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
        for (int h = 0; h < _live.Count; h++)
        {
            var logits = predicted.LogitsOf(_rows[h]);
            float normalizer = predicted.LogNormalizers[_rows[h]];
            foreach (int token in LikeliestTokens.Of(logits, 2 * _width))
                extensions.Add((_live[h].Sum + (logits[token] - normalizer), h, token, logits[token] - normalizer));
        }
        extensions.Sort((a, b) => (-a.Sum, a.Parent, a.Token).CompareTo((-b.Sum, b.Parent, b.Token)));
        for (int rank = 0, going = 0; rank < extensions.Count && going < _width; rank++)
        {
            var (_, parent, token, logProbability) = extensions[rank];
            if (token != eos) going++;
            else if (rank >= _width) continue;
            Add(parent, token, logProbability);
        }
        if (_ended.Count < _width) return;
        _next.Clear();
        _nextRows.Clear();
    }

    void Add(int parent, int token, float logProbability)
    {
        var hypothesis = new Hypothesis(_live[parent], token, logProbability);
        if (token == eos || hypothesis.Count >= length)
        {
            _ended.Add(hypothesis);
            return;
        }
        _next.Add(hypothesis);
        _nextRows.Add(_rows[parent]);
    }
}
