using DiffusionBatch.Contracts.Fields;

namespace DiffusionBatch.Contracts.Manifests;

/// <summary>A sample job: generates a text for each input line, at one or many sampler settings.</summary>
public sealed record SampleManifest : WorkManifest
{
    /// <inheritdoc/>
    public override JobKind Kind => JobKind.Sample;

    /// <summary>The model that generates.</summary>
    [Field("The model that generates.")]
    public required ModelReference Model { get; init; }

    /// <summary>JSONL of the items.</summary>
    [Field("A JSONL file; each line has `id` and `source` (or `promptIds`), and may have `target`, `length` and `template`.")]
    [Path(PathRole.InputFile)]
    public required string Input { get; init; }

    /// <summary>The sampler's settings, each one value or a list.</summary>
    [Field("The sampler's settings. Any of them may be a list: every combination is then run and gets its own results folder.")]
    public Sweep<SamplerSettings> Sampler { get; init; } = new();

    /// <summary>The prompt's template with `{source}`; null for the one that the model was adapted with.</summary>
    [Field("The text before the response; `{source}` stands for the line's source.",
        Default = "as in the model's `diffusion.json`, otherwise `{source}`")]
    [Pattern(Patterns.SourceTemplate, "a text with {source} and no other placeholder")]
    public string? Prompt { get; init; }

    /// <summary>Demonstrations before each prompt; null for none.</summary>
    [Field("Solved examples before each text prompt (few-shot), in the same texts as it.", Default = "none")]
    public Shots? Shots { get; init; }

    /// <summary>The most tokens of a text prompt; null for as many as there are.</summary>
    [Field("Most tokens of a text prompt, `<s>` included; a longer one is cut from the left, as in training. Without it a prompt that is "
        + "too long for the model is the item error `tooLong`.", Default = "as many as there are")]
    [Within(1, 1048576)]
    public int? MaxPromptTokens { get; init; }

    /// <summary>The most cells of one job.</summary>
    public const int MaxCells = 1000;

    /// <summary>The cells, in a stable order, with distinct names.</summary>
    public IReadOnlyList<SweepCell<SamplerSettings>> Cells() =>
        [.. Sampler.Expand()
            .Select(c => c with { Settings = c.Settings with { Length = RecordShape.Plain(c.Settings.Length ?? new LengthSettings()) } })];

    /// <summary>Items of one part file.</summary>
    [Field("Number of items in one part file of the results.")]
    [Within(1, 1000000)]
    public int ShardSize { get; init; } = 256;

    /// <summary>Whether traces are written.</summary>
    [Field("Whether what each step wrote and masked is kept in trace files.")]
    public bool Trace { get; init; }

    /// <summary>Whether each result carries its token ids.</summary>
    [Field("Whether each result line carries the generated token ids; lines with `promptIds` always do.")]
    public bool Ids { get; init; }

    /// <summary>Whether each result says how many tokens its prompt and its text have; null: it doesn't.</summary>
    [Field("Whether each result line carries `usage`: `promptTokens`, those before the response, and `textTokens`, the response's up to "
        + "its end token.", Default = "false")]
    public bool? Usage { get; init; }

    /// <summary>Share of the items that approximate cells sample a second time, exactly; null or 0 for none.</summary>
    [Field("Share of the items, drawn by `seed` and `id`, that cells whose sampler is an approximation sample a second time without it, "
        + "to tell what it costs (see below). Results don't depend on it.", Default = "0")]
    [Within(0, 1)]
    public double? Verify { get; init; }

    /// <summary>Whether the input line's other fields come with its result.</summary>
    [Field("Whether an input line's other fields are copied to its result under `input`.")]
    public bool PassThrough { get; init; }

    /// <summary>Share of items whose errors the job bears, [0, 1]; -1 for any.</summary>
    [Field("Share of the items that may end in an error before the job counts as failed; -1: never fails by them.")]
    [Within(0, 1, Also = -1)]
    public double ErrorThreshold { get; init; } = 0.05;

    /// <summary>Token budget of a batch; changes speed, never results.</summary>
    [Field("Token budget of a batch: more is faster up to a point and takes more memory. Results don't depend on it.",
        Fingerprinted = false)]
    [Within(1, 16777216)]
    public int BatchTokens { get; init; } = 4096;
}
