using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Pipeline.Tests.Manifests;

/// <summary>Makes good manifests of random fields, driven by the records' own ranges.</summary>
internal sealed class Generate(int seed)
{
    readonly Random _random = new(seed);

    public JobManifest Manifest() => _random.Next(4) switch
    {
        0 => Finetune(),
        1 => Sample(),
        2 => Evaluate(),
        _ => new PipelineManifest { Name = Name(), Jobs = [.. Jobs()] },
    };

    IEnumerable<WorkManifest> Jobs()
    {
        int n = _random.Next(1, 4);
        for (int i = 0; i < n; i++)
        {
            WorkManifest job = _random.Next(3) switch { 0 => Finetune(), 1 => Sample(), _ => Evaluate() };
            yield return job with { Name = $"{job.Name[..Math.Min(50, job.Name.Length)]}-{i}", Output = $"{job.Output}/{i}" };
        }
    }

    FinetuneManifest Finetune()
    {
        int heads = _random.Next(1, 9), steps = _random.Next(1, 10000), positions = _random.Next(8, 1000);
        bool made = Flip();
        double rate = _random.NextDouble() + 1e-9;
        bool mlm = _random.Next(3) == 0;
        var objective = new ObjectiveSettings
        {
            Process = mlm ? NoiseProcess.Mlm : NoiseProcess.Absorbing,
            Ratio = mlm && Flip() ? 1 - _random.NextDouble() : null,
            WholeWord = mlm && Flip() ? Flip() : null,
            Shift = Flip(),
        };
        return new FinetuneManifest
        {
            Name = Name(),
            Output = Path("models"),
            Seed = _random.NextInt64(1L << 53),
            Overwrite = Flip(),
            Model = !made ? new() { From = Path("in") } : new()
            {
                New = new() { Heads = heads, HiddenSize = heads * _random.Next(1, 65), Layers = _random.Next(1, 513), FeedForwardSize = _random.Next(1, 5000), MaxPositions = positions, Architecture = One<Architecture>(), Dropout = _random.NextDouble() },
                Tokenizer = Flip() ? new() { Train = TokenizerKind.Bpe, VocabularySize = _random.Next(261, 1000001) } : new() { From = Path("in") },
            },
            Data = new() { Train = Path("in"), Validation = Flip() ? Path("in") : null, Prompt = "a \"{source}\"\n{ } {} {", Target = "{target}{target}\t", MaxLength = _random.Next(4, positions + 1) },
            Objective = objective with { Timesteps = _random.Next(1, 1000), Weighting = One<LossWeighting>(), Coupled = Flip(), LabelSmoothing = _random.NextDouble(), Attention = One<AttentionKind>(), AnnealSteps = 0 },
            Training = new()
            {
                Steps = steps,
                WarmupSteps = Flip() ? _random.Next(steps + 1) : null,
                LearningRate = rate,
                MinLearningRate = rate * _random.NextDouble(),
                Schedule = One<LearningRateSchedule>(),
                Betas = [_random.NextDouble(), _random.NextDouble()],
                Epsilon = Math.Pow(10, -_random.Next(1, 30)),
                BatchTokens = _random.Next(1, 100000),
                Accumulate = _random.Next(1, 9),
                WeightDecay = _random.NextDouble(),
                ClipNorm = _random.NextDouble() * 10,
                EvaluateEvery = _random.Next(1, 9999),
                CheckpointEvery = _random.Next(1, 9999),
                RecomputeActivations = Flip(),
            },
            Vocabulary = new() { Trim = Flip() },
            Length = new() { Predictor = objective.Process == NoiseProcess.Absorbing && Flip() ? new() { Steps = _random.Next(1, 9999) } : null },
            Lora = Flip() ? new() { Rank = _random.Next(1, 64), Alpha = _random.Next(1, 64), Targets = Flip() ? ["query"] : ["q_proj", "v_proj"], Merge = Flip() } : null,
            Dtype = Flip() ? One<WeightsType>() : null,
            Freeze = Flip() ? [] : ["*.bias", "encoder.layer.0.*"],
        };
    }

    SampleManifest Sample()
    {
        var sources = Many<LengthSource>();
        var orders = Many<RankingOrder>();
        return new SampleManifest
        {
            Name = Name(),
            Output = Path("results"),
            Seed = _random.NextInt64(1L << 53),
            Model = new() { From = Path("in") },
            Input = Path("in"),
            ShardSize = _random.Next(1, 1000001),
            Trace = Flip(),
            Ids = Flip(),
            PassThrough = Flip(),
            ErrorThreshold = Flip() ? -1 : _random.NextDouble(),
            BatchTokens = _random.Next(1, 99999),
            Sampler = new()
            {
                Preset = Many<SamplerPreset>(),
                Steps = Flip() ? _random.Next(1, 100) : new[] { 1, _random.Next(2, 100) },
                ReMask = Many<ReMaskRule>(),
                Order = orders,
                Noise = orders.Values.Contains(RankingOrder.Stochastic) ? _random.NextDouble() : 1.0,
                Schedule = Many<MaskSchedule>(),
                Temperature = Flip() ? 0.0 : new[] { 0, _random.NextDouble() },
                Length = Flip() ? null : new()
                {
                    Source = sources,
                    Value = sources.Values.Contains(LengthSource.Fixed) ? _random.Next(1, 100) : null,
                    Beam = sources.Values.Contains(LengthSource.Predicted) ? new[] { 1, _random.Next(2, 20) } : 1,
                },
            },
        };
    }

    EvaluateManifest Evaluate() => new()
    {
        Name = Name(),
        Output = Path("reports"),
        Predictions = Path("in"),
        References = Path("in"),
        Metrics =
        [
            new() { Name = MetricName.Bleu, Tokenize = _random.GetItems([BleuTokenization.V13a, BleuTokenization.Intl, BleuTokenization.Char, BleuTokenization.None, BleuTokenization.Zh], 1)[0], SmoothMethod = BleuSmoothing.AddK, SmoothValue = _random.NextDouble(), Lowercase = Flip(), EffectiveOrder = Flip() },
            new() { Name = MetricName.Chrf, As = "chrf++", WordOrder = _random.Next(11), CharOrder = _random.Next(1, 20), Beta = _random.Next(5), Whitespace = Flip(), EpsSmoothing = Flip() },
            new() { Name = MetricName.Ter, Normalized = Flip(), NoPunct = Flip(), AsianSupport = Flip(), CaseSensitive = Flip(), References = Flip() ? Path("in") : null },
            new() { Name = MetricName.RougeLsum, Stemmer = Flip(), Tokenize = Flip() ? BleuTokenization.Unicode : null },
            new() { Name = MetricName.LastNumber, Extract = _random.GetItems([AnswerExtraction.Reader, AnswerExtraction.LmEvalStrict, AnswerExtraction.LmEvalFlexible], 1)[0] },
            new() { Name = MetricName.Repetition, Tokenize = BleuTokenization.Ids, Window = _random.Next(1, 1000) },
            new() { Name = MetricName.Perplexity, Likelihoods = Flip() ? Path("in") : null, Aggregation = One<PerplexityAggregation>() },
            new() { Name = MetricName.Mauve, Features = Path("in"), ReferenceFeatures = Path("in"), NumBuckets = _random.Next(2, 999), KmeansExplainedVar = 0.01 + 0.99 * _random.NextDouble(), Seed = _random.Next(999) },
            new() { Name = MetricName.Cost },
        ],
    };

    bool Flip() => _random.Next(2) == 0;

    T One<T>() where T : struct, Enum => _random.GetItems(Enum.GetValues<T>(), 1)[0];

    OneOrMany<T> Many<T>() where T : struct, Enum => Flip() ? One<T>() : _random.GetItems(Enum.GetValues<T>(), 3).Distinct().ToArray();

    string Name() => string.Concat(_random.GetItems("abcxyz0189".ToCharArray(), 1)) + string.Concat(_random.GetItems("abcxyz0189-".ToCharArray(), _random.Next(63)));

    string Path(string under) => under + "/" + string.Join('/', Enumerable.Range(0, _random.Next(1, 4)).Select(_ => "." + string.Concat(_random.GetItems("aB .=,ü😀".EnumerateRunes().ToArray(), _random.Next(1, 9))) + "x"));
}
