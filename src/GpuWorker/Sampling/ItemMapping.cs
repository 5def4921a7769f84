using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Data;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Sampling;
using DiffusionBatch.Pipeline.Inputs;
using DiffusionBatch.Pipeline.Results;

namespace DiffusionBatch.GpuWorker.Sampling;

/// <summary>Input lines as canvases, and what was sampled as results: templates, tokens and texts of one checkpoint.</summary>
/// <param name="checkpoint">The model and its tokenizer.</param>
/// <param name="manifest">The job, for what it says of prompts.</param>
/// <param name="shots">Demonstrations before each text prompt, or null.</param>
/// <param name="fills">Whether masks among a line's ids are slots.</param>
internal sealed class ItemMapping(Checkpoint checkpoint, SampleManifest manifest, Demonstrations? shots, bool fills)
{
    readonly PromptTemplate _template = new(
        manifest.Prompt ?? checkpoint.Settings?.Prompt ?? PromptTemplate.Plain.Prompt, checkpoint.Settings?.Target
            ?? PromptTemplate.Plain.Target);

    /// <summary>
    /// The canvas before the masks: <c>&lt;s&gt;</c> and the prompt's tokens, or the line's own ids as they stand.
    /// The oracle's length is that of the first target's tokens.
    /// </summary>
    public SampleItem Map(InputItem item)
    {
        var (ids, holes, _) = Canvas(item);
        return new()
        {
            Id = item.Id,
            PromptIds = ids,
            Holes = holes,
            OracleLength = item.Targets.Count > 0 ? checkpoint.Tokenizer?.Encode(_template.RenderTarget(item.Targets[0])).Length : null,
            LengthOverride = item.Length,
        };
    }

    // A prompt that is too long loses its beginning, <s> included, as a training pair does.
    int[] Prompt(InputItem item)
    {
        int[] ids = [.. Beginning(), .. item.Source is null
            ? []
            : checkpoint.Tokenizer!.Encode(shots?.Before(item.Id, _template) + _template.RenderPrompt(item.Source))];
        return ids.Length > manifest.MaxPromptTokens ? ids[^manifest.MaxPromptTokens.Value..] : ids;
    }

    /// <summary>A sampler's result as the job's.</summary>
    /// <param name="result">The result.</param>
    /// <param name="item">The line that it is of.</param>
    /// <param name="promptTokens">The tokens of its canvas before the masks.</param>
    public ItemResult Map(SampleResult result, InputItem item, int promptTokens)
    {
        var mapped = new ItemResult(item.Index, result.CellIndex, item.Id);
        if (result.Error is { } error) return mapped with { Error = Map(error, item) };
        return mapped with
        {
            Ids = result.Ids,
            Text = Text(result.Ids, item),
            PromptTokens = promptTokens,
            TextTokens = TextTokens(result.Ids),
            Score = result.Score,
            Length = result.Length,
            Nfe = result.Nfe,
            Flops = result.Passes.Sum(p => (p.Work ?? p.Count) * ForwardFlops.Of(checkpoint.Model.Config, p.Prompt, p.Canvas, p.Slots)),
            Seconds = result.Seconds,
            Traces = result.Trace ?? [],
        };
    }

    // The ids before the slots behind, those among them that are slots too, and how many are the prompt's. A template's texts are encoded
    // each by itself, around its blanks. (An encoder-decoder's prompt is read by the encoder, which writes nothing.)
    (int[] Ids, int[] Holes, int Prompt) Canvas(InputItem item)
    {
        int mask = checkpoint.Specials.Mask;
        List<int> ids = [.. item.PromptIds ?? Prompt(item)], holes = [];
        bool marked = fills && !checkpoint.Model.Config.Family.IsEncoderDecoder;
        for (int i = 0; item.PromptIds is not null && marked && i < ids.Count; i++)
            if (ids[i] == mask) holes.Add(i);
        int prompt = holes.Count > 0 ? holes[0] : ids.Count;
        foreach (var (text, blank) in item.Template?.Parts ?? [])
        {
            if (text is not null) ids.AddRange(checkpoint.Tokenizer!.Encode(text));
            holes.AddRange(Enumerable.Range(ids.Count, blank));
            ids.AddRange(Enumerable.Repeat(Math.Max(0, mask), blank));
        }
        return ([.. ids], [.. holes], prompt);
    }

    // <s>; before a prompt of a decoder that wasn't adapted what its own tokenizer puts there, which in GPT-2 is nothing.
    int[] Beginning()
    {
        var config = checkpoint.Model.Config;
        if (checkpoint is { Settings: null, Tokenizer: { } own } && config.Family.OwnAttention(config) == AttentionKind.Causal)
            return [.. own.Frame.Before];
        return checkpoint.Specials.Bos < 0 ? [] : [checkpoint.Specials.Bos];
    }

    /// <summary>
    /// The text of a response: its ids up to the first <c>&lt;/s&gt;</c>, without specials; of one with places to fill in all that stands
    /// behind the prompt, up to the first <c>&lt;/s&gt;</c> behind what was given.
    /// </summary>
    string? Text(int[] ids, InputItem item)
    {
        if (checkpoint.Tokenizer is null) return null;
        int given = 0;
        if (item.Template is not null || item.PromptIds is not null)
        {
            var (canvas, holes, prompt) = Canvas(item);
            for (int i = 0; i < holes.Length; i++) canvas[holes[i]] = ids[i];
            ids = [.. canvas[prompt..], .. ids[holes.Length..]];
            for (int i = prompt; i < canvas.Length; i++)
                if (Array.BinarySearch(holes, i) < 0) given = i - prompt + 1;
        }
        return checkpoint.Tokenizer.Decode(ids.AsSpan(0, TextTokens(ids, given)));
    }

    // Up to the first </s> behind what was given.
    int TextTokens(int[] ids, int given = 0) => Array.IndexOf(ids, checkpoint.Specials.Eos, given) is >= 0 and var end ? end : ids.Length;

    ItemError Map(ItemError error, InputItem item) =>
        error.Code == ItemError.NoTarget && item.Targets.Count > 0 && checkpoint.Tokenizer is null
            ? new ItemError(ItemError.NoLength, "The target's tokens can't be counted: the model has no tokenizer.")
            : error;
}
