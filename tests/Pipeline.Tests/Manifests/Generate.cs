using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
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
        bool mlm = _random.Next(3) == 0, noisy = !mlm && Flip(), continuous = !mlm && Flip();
        var objective = new ObjectiveSettings
        {
            Process = mlm ? "mlm" : noisy ? "multinomial" : "absorbing",
            Time = continuous ? TimeKind.Continuous : null,
            Times = continuous && Flip() ? One<TimeDraws>() : null,
            Masking = continuous && !noisy && Flip() ? One<MaskDraws>() : null,
            Noise = noisy && Flip() ? One<NoiseTokens>() : null,
            Normalizer = !mlm && Flip() ? One<LossNormalizer>() : null,
            Schedule = mlm || Flip() ? null : noisy ? AlphaSchedule.Sqrt : One<AlphaSchedule>(),
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
                New = new()
                {
                    Heads = heads,
                    HiddenSize = heads * _random.Next(1, 65),
                    Layers = _random.Next(1, 513),
                    FeedForwardSize = _random.Next(1, 5000),
                    MaxPositions = positions,
                    Architecture = Name(StrategyKind.Architecture),
                    Dropout = _random.NextDouble()
                },
                Tokenizer = Flip()
                    ? new() { Train = TokenizerKind.Bpe, VocabularySize = _random.Next(261, 1000001) }
                    : new() { From = Path("in") },
            },
            Data = new()
            {
                Train = Path("in"),
                Validation = Flip() ? Path("in") : null,
                Prompt = "a \"{source}\"\n{ } {} {",
                Target = "{target}{target}\t",
                MaxLength = _random.Next(4, positions + 1),
                Shots = Shots(),
                Most = Flip()
                    ? _random.Next(1, 9999)
                    : null,
                Mixture = Flip()
                    ? [new() { Train = Path("in"), Rate = _random.NextDouble() + 1e-9, Most = Flip() ? 7 : null,
                        Prompt = Flip() ? "{source}?" : null }]
                    : null
            },
            Objective =
                (mlm ? objective : objective with
                {
                    Timesteps = _random.Next(1, 1000),
                    Weighting = noisy
                        ? One<LossWeighting>()
                        : _random.GetItems([LossWeighting.Linear, LossWeighting.Reciprocal, LossWeighting.None], 1)[0],
                    Coupled =
                            Flip()
                }) with
                { LabelSmoothing = _random.NextDouble(), Attention = One<AttentionKind>(), AnnealSteps = 0 },
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
            Length = new() { Predictor = !mlm && Flip() ? new() { Steps = _random.Next(1, 9999) } : null },
            Lora = Flip() ? new()
            {
                Rank = _random.Next(1, 64),
                Alpha = _random.Next(1, 64),
                Targets = Flip() ? ["query"] : ["q_proj", "v_proj"],
                Merge = Flip()
            } : null,
            Dtype = Flip() ? One<WeightsType>() : null,
            Freeze = Flip() ? [] : ["*.bias", "encoder.layer.0.*"],
        };
    }

    SampleManifest Sample()
    {
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
            Prompt = Flip() ? "{source}\n" : null,
            Shots = Shots(),
            MaxPromptTokens = Flip() ? _random.Next(1, 999) : null,
            Sampler = Sampler(),
        };
    }

    Shots? Shots() => Flip() ? new() { File = Path("in"), Count = _random.Next(1, 257), Separator = Flip() ? "\n" : "" } : null;

    Sweep<SamplerSettings> Sampler()
    {
        Sweep<SamplerSettings> sampler = new SamplerSettings
        {
            Steps = _random.Next(1, 100),
            ReMask = One<ReMaskRule>(),
            Order = RankingOrder.Stochastic,
            Noise = _random.NextDouble(),
            Schedule = Flip() ? MaskSchedule.Cosine : MaskSchedule.Linear,
            Temperature = Flip() ? 0.0 : _random.NextDouble(),
            Length = Flip() ? null : Flip()
                ? new() { Source = "fixed", Value = _random.Next(1, 100) }
                : new() { Beam = _random.Next(1, 20) },
        };
        if (Flip()) sampler = sampler.Over("steps", 1, _random.Next(2, 100));
        if (Flip()) sampler = sampler.Over("preset", "rdm", "left-to-right");
        if (Flip()) sampler = sampler.Over("order", RankingOrder.Stochastic, RankingOrder.Deterministic);
        if (Flip()) sampler = sampler.Over("temperature", 0.0, _random.NextDouble() + 1e-9);
        if (sampler.Settings.Length is not null && Flip())
            sampler = sampler.Over("length.source", [sampler.Settings.Length.Source, "oracle"]);
        if (sampler.Settings.Length?.Source == "predicted" && Flip()) sampler = sampler.Over("length.beam", 1, _random.Next(2, 20));
        return sampler;
    }

    EvaluateManifest Evaluate() => new()
    {
        Name = Name(),
        Output = Path("reports"),
        Predictions = Path("in"),
        References = Path("in"),
        Metrics =
        [
            new() { Name = "bleu", Tokenize =
                _random.GetItems([BleuTokenization.V13a, BleuTokenization.Intl, BleuTokenization.Char, BleuTokenization.None,
                    BleuTokenization.Zh], 1)[0], SmoothMethod = BleuSmoothing.AddK, SmoothValue = _random.NextDouble(), Lowercase = Flip(),
                    EffectiveOrder = Flip() },
            new() { Name = "chrf", As = "chrf++", WordOrder = _random.Next(11), CharOrder = _random.Next(1, 20), Beta = _random.Next(5),
                Whitespace = Flip(), EpsSmoothing = Flip() },
            new() { Name = "ter", Normalized = Flip(), NoPunct = Flip(), AsianSupport = Flip(), CaseSensitive = Flip(),
                References = Flip() ? Path("in") : null },
            new() { Name = "rougeLsum", Stemmer = Flip(), Tokenize = Flip() ? BleuTokenization.Unicode : null },
            new() { Name = "lastNumber", Extract =
                _random.GetItems([AnswerExtraction.Reader, AnswerExtraction.LmEvalStrict, AnswerExtraction.LmEvalFlexible], 1)[0] },
            new() { Name = "repetition", Tokenize = BleuTokenization.Ids, Window = _random.Next(1, 1000) },
            new() { Name = "perplexity", Likelihoods = Flip() ? Path("in") : null, Aggregation = One<PerplexityAggregation>() },
            new() { Name = "choiceLikelihood", Model = Path("in"), Normalize = One<ChoiceNormalization>(), Draws = _random.Next(1, 99) },
            new() { Name = "mauve", Features = Path("in"), ReferenceFeatures = Path("in"), NumBuckets = _random.Next(2, 999),
                KmeansExplainedVar = 0.01 + 0.99 * _random.NextDouble(), Seed = _random.Next(999) },
            new() { Name = "cost" },
        ],
    };

    bool Flip() => _random.Next(2) == 0;

    T One<T>() where T : struct, Enum => _random.GetItems(Enum.GetValues<T>(), 1)[0];

    string Name(StrategyKind kind) => _random.GetItems([.. StrategyCatalog.Of(kind)], 1)[0].Name;

    string Name() => string.Concat(_random.GetItems("abcxyz0189".ToCharArray(), 1))
        + string.Concat(_random.GetItems("abcxyz0189-".ToCharArray(), _random.Next(63)));

    string Path(string under) => under + "/"
        + string.Join('/', Enumerable.Range(0, _random.Next(1, 4))
            .Select(_ => "." + string.Concat(_random.GetItems("aB .=,ü😀".EnumerateRunes().ToArray(), _random.Next(1, 9))) + "x"));
}
