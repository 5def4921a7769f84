using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Data;
using DiffusionBatch.Diffusion.Likelihood;
using DiffusionBatch.Diffusion.Processes.Likelihoods;
using DiffusionBatch.Pipeline.Inputs;
using DiffusionBatch.Pipeline.Problems;
using DiffusionBatch.Pipeline.Results;
using DiffusionBatch.Pipeline.Roots;

namespace DiffusionBatch.GpuWorker.Evaluating;

/// <summary>Lines as the tokens of one model.</summary>
/// <param name="checkpoint">The model.</param>
/// <param name="spec">The metric, for what it says of prompts and the model's name in problems.</param>
/// <param name="file">The references' name in problems.</param>
/// <param name="shots">Demonstrations before each text prompt, or null.</param>
internal sealed class JudgedTexts(Checkpoint checkpoint, MetricSpec spec, string file, Demonstrations? shots = null)
{
    readonly PromptTemplate _template = new(spec.Prompt ?? checkpoint.Settings?.Prompt ?? PromptTemplate.Plain.Prompt,
        checkpoint.Settings?.Target ?? PromptTemplate.Plain.Target);

    /// <summary>A reference given its prompt.</summary>
    public LikelihoodItem Reference(InputItem line) => Item(line, line.TargetIds ?? Encode(_template.RenderTarget(line.Targets[0]), line));

    /// <summary>
    /// A prediction given its reference's prompt; null where it is neither text nor tokens. A model with a tokenizer reads the text,
    /// whoever's tokens it is of.
    /// </summary>
    public LikelihoodItem? Prediction(Prediction prediction, InputItem line) =>
        checkpoint.Tokenizer is not null && prediction.Text is { } text ? Item(line, Encode(_template.RenderTarget(text), line))
        : prediction.Ids is { } ids ? Item(line, ids) : null;

    /// <summary>A reference's choices, in their order, each given its prompt. They share an id, and with it their draws of noise.</summary>
    public IEnumerable<LikelihoodItem> Choices(InputItem line) =>
        line.Choices.Select(choice => Item(line, Encode(_template.RenderTarget(choice), line)));

    /// <summary>A reference's own tokens, without a prompt.</summary>
    public int[] Tokens(InputItem line) => Known(line.TargetIds ?? Encode(line.Targets[0], line), file, line.Line, line.Id);

    /// <summary>A prediction's own tokens, without a prompt; none where it is neither text nor tokens.</summary>
    public int[] Tokens(Prediction prediction) =>
        checkpoint.Tokenizer is { } tokenizer && prediction.Text is { } text
            ? tokenizer.Encode(text)
            : Known(prediction.Ids ?? [], prediction.File, prediction.Line, prediction.Id);

    LikelihoodItem Item(InputItem line, int[] ids)
    {
        int bos = checkpoint.Specials.Bos >= 0 ? checkpoint.Specials.Bos : checkpoint.Specials.Eos;
        int[] before = line.PromptIds ?? [.. bos >= 0 ? (int[])[bos] : [],
            .. line.Source is { } source ? Encode(shots?.Before(line.Id, _template) + _template.RenderPrompt(source), line) : []];
        if (line.PromptIds is null && before.Length > spec.MaxPromptTokens) before = before[^spec.MaxPromptTokens.Value..];
        return new LikelihoodItem(line.Id, Known(before, file, line.Line, line.Id), Known(ids, file, line.Line, line.Id));
    }

    int[] Known(int[] ids, string of, int line, string item) => Array.TrueForAll(ids, id => id < checkpoint.Model.VocabularySize) ? ids
        : throw new ProblemsException(new Problem(of, null, line, null,
            $"item \"{item}\" has a token id that {spec.Model} doesn't have; expected ids below {checkpoint.Model.VocabularySize}"));

    int[] Encode(string text, InputItem line) => checkpoint.Tokenizer?.Encode(text)
        ?? throw new ProblemsException(new Problem(file, null, line.Line, null, TokenizerNames.Missing(spec.Model!)));
}
