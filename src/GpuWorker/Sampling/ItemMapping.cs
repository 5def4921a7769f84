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
internal sealed class ItemMapping(Checkpoint checkpoint, SampleManifest manifest, Demonstrations? shots)
{
    readonly PromptTemplate _template = new(
        manifest.Prompt ?? checkpoint.Settings?.Prompt ?? PromptTemplate.Plain.Prompt, checkpoint.Settings?.Target ?? PromptTemplate.Plain.Target);

    /// <summary>
    /// The canvas before the masks: <c>&lt;s&gt;</c> and the prompt's tokens, or the line's own ids as they stand.
    /// The oracle's length is that of the first target's tokens.
    /// </summary>
    public SampleItem Map(InputItem item) => new()
    {
        Id = item.Id,
        PromptIds = item.PromptIds ?? Prompt(item),
        Holes = Holes(item),
        OracleLength = item.Targets.Count > 0 ? checkpoint.Tokenizer?.Encode(_template.RenderTarget(item.Targets[0])).Length : null,
        LengthOverride = item.Length,
    };

    // A prompt that is too long loses its beginning, <s> included, as a training pair does.
    int[] Prompt(InputItem item)
    {
        int[] ids = [checkpoint.Specials.Bos, .. checkpoint.Tokenizer!.Encode(shots?.Before(item.Id, _template) + _template.RenderPrompt(item.Source!))];
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
            Flops = result.Passes.Sum(p => p.Count * ForwardFlops.Of(checkpoint.Model.Config, p.Prompt, p.Canvas, p.Slots)),
            Seconds = result.Seconds,
            Traces = result.Trace ?? [],
        };
    }

    // Masks among a line's own ids are slots. (An encoder-decoder's prompt is read by the encoder, which writes nothing.)
    int[] Holes(InputItem item) => item.PromptIds is not { } ids || checkpoint.Model.Config.Family.IsEncoderDecoder
        ? [] : [.. Enumerable.Range(0, ids.Length).Where(i => ids[i] == checkpoint.Specials.Mask)];

    /// <summary>The text of a response: its ids up to the first <c>&lt;/s&gt;</c>, without specials; of one with holes all from the first of them on.</summary>
    string? Text(int[] ids, InputItem item)
    {
        if (Holes(item) is { Length: > 0 } holes)
        {
            int[] prompt = [.. item.PromptIds!];
            for (int i = 0; i < holes.Length; i++) prompt[holes[i]] = ids[i];
            ids = [.. prompt[holes[0]..], .. ids[holes.Length..]];
        }
        return checkpoint.Tokenizer?.Decode(ids.AsSpan(0, TextTokens(ids)));
    }

    int TextTokens(int[] ids) => Array.IndexOf(ids, checkpoint.Specials.Eos) is >= 0 and var end ? end : ids.Length;

    ItemError Map(ItemError error, InputItem item) =>
        error.Code == ItemError.NoTarget && item.Targets.Count > 0 && checkpoint.Tokenizer is null
            ? new ItemError(ItemError.NoLength, "The target's tokens can't be counted: the model has no tokenizer.")
            : error;
}
