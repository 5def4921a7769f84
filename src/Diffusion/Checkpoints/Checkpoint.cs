using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Adapters;
using DiffusionBatch.Diffusion.Files;
using DiffusionBatch.Diffusion.Lengths;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Processes;
using DiffusionBatch.Diffusion.Tokenization;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Checkpoints;

/// <summary>
/// A checkpoint folder in memory: <c>config.json</c> and <c>model.safetensors</c> as Hugging Face lays them out, the tokenizer
/// where there is one, and once adapted <c>diffusion.json</c> and <c>length_predictor.safetensors</c>.
/// </summary>
public sealed class Checkpoint : IDisposable
{
    internal Checkpoint(string folder, LanguageModel model, SpecialTokens specials, ITextTokenizer? tokenizer, DiffusionSettings? settings,
        LengthPredictor? lengthPredictor, LoraAdapter? adapter)
    {
        (Folder, Model, Specials, Tokenizer, Settings, LengthPredictor, Adapter) =
            (folder, model, specials, tokenizer, settings, lengthPredictor, adapter);
    }

    /// <summary>The folder that was read.</summary>
    public string Folder { get; }

    /// <summary>The network, in evaluation mode.</summary>
    public LanguageModel Model { get; }

    /// <summary>The special tokens as the model's ids.</summary>
    public SpecialTokens Specials { get; }

    /// <summary>The tokenizer in the model's ids (a trimmed vocabulary is mapped), or null.</summary>
    public ITextTokenizer? Tokenizer { get; }

    /// <summary>Why the folder's tokenizer can't be read, or null; the model works on token ids all the same.</summary>
    public CheckpointProblem? TokenizerProblem { get; internal init; }

    /// <summary>
    /// What was decided where the files don't agree, such as an output projection of its own under a config that ties it; a sentence each.
    /// </summary>
    public IReadOnlyList<string> Notes { get; internal init; } = [];

    /// <summary>diffusion.json, or null where the model was not adapted.</summary>
    public DiffusionSettings? Settings { get; }

    /// <summary>What stands behind the slots where a sampler doesn't say it.</summary>
    public CanvasClosing Closing => Settings?.Closing ?? Model.Config.Family.OwnClosing;

    /// <summary>Whether it is a language model from left to right: trained so, or of such a family and not adapted.</summary>
    public bool IsLeftToRight => Process == AutoregressiveProcess.Name;

    /// <summary>The process that it was trained by.</summary>
    public string Process => Settings?.Process ?? Model.Config.Family.OwnProcess(Model.Config);

    /// <summary>The length predictor in evaluation mode, or null.</summary>
    public LengthPredictor? LengthPredictor { get; }

    /// <summary>The low-rank updates that are kept beside the weights, attached to the model; or null.</summary>
    public LoraAdapter? Adapter { get; }

    /// <summary>Loads a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="device">Where the weights go; the CPU when null.</param>
    /// <param name="progress">Told of the weights' bytes as they are read.</param>
    /// <exception cref="CheckpointException">Something is wrong; all of it is listed, each with its file, tensor, expected and
    /// found.</exception>
    public static Checkpoint Load(string folder, Device? device = null, IProgress<LoadProgress>? progress = null) =>
        CheckpointReader.Read(folder, device, loadWeights: true, progress)!;

    /// <summary>
    /// Checks a folder as <see cref="Load"/> does, that its weights are finite numbers included, without taking memory for them.
    /// </summary>
    /// <exception cref="CheckpointException">Something is wrong; all of it is listed.</exception>
    public static void Check(string folder) => CheckpointReader.Read(folder, null, loadWeights: false);

    /// <summary>Checks a folder and says what it holds, without reading the weights' values.</summary>
    /// <exception cref="CheckpointException">Something is wrong; all of it is listed.</exception>
    public static CheckpointSummary Summarise(string folder) => CheckpointReader.Summarise(folder);

    /// <summary>Frees the weights and closes their files.</summary>
    public void Dispose()
    {
        Model.Origin?.Dispose();
        Model.Dispose();
        LengthPredictor?.Dispose();
        Adapter?.Dispose();
    }
}
