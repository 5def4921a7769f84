using DiffusionBatch.Diffusion.Adapters;
using DiffusionBatch.Diffusion.Files;
using DiffusionBatch.Diffusion.Lengths;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.SafeTensors;
using DiffusionBatch.Diffusion.Tokenization;

namespace DiffusionBatch.Diffusion.Checkpoints;

/// <summary>
/// Writes checkpoint folders that <see cref="Checkpoint.Load"/> and Hugging Face's loaders read. A folder is written beside
/// its place and moved there; into one that exists already the files are moved one by one, <c>config.json</c>, without which
/// nothing loads, taken away first and put back last.
/// </summary>
public static class CheckpointWriter
{
    /// <summary>The training log's name inside a checkpoint folder.</summary>
    public const string LogName = "train.jsonl";

    /// <summary>Writes the folder.</summary>
    /// <param name="folder">The folder to make; its parent is on the volume where it is staged.</param>
    /// <param name="model">The network.</param>
    /// <param name="tokenizer">The tokenizer, or null.</param>
    /// <param name="settings">diffusion.json, or null.</param>
    /// <param name="lengthPredictor">The predictor, or null.</param>
    /// <param name="log">The lines of train.jsonl, or null.</param>
    /// <param name="adapter">Updates to keep beside the weights, or null.</param>
    /// <param name="type">The type that the weights are written in, rounded to nearest; null for the one that each came in, F32 where that
    /// doesn't hold it.</param>
    public static void Save(string folder, LanguageModel model, ITextTokenizer? tokenizer, DiffusionSettings? settings,
        LengthPredictor? lengthPredictor, IEnumerable<string>? log = null, LoraAdapter? adapter = null, SafeTensorType? type = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        string target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)), staged = target + ".staged";
        if (Directory.Exists(staged)) Directory.Delete(staged, recursive: true);
        Directory.CreateDirectory(staged);
        bool widened = WeightsWriter.Save(staged, model, type);
        (type is { } written ? model.Config.Of(written) : widened ? model.Config.Of(SafeTensorType.F32) : model.Config).Save(staged);
        tokenizer?.Save(staged);
        settings?.Save(staged);
        if (lengthPredictor is not null) ModelFile.Save(Path.Combine(staged, LengthPredictor.FileName), lengthPredictor.Named);
        if (adapter is not null) LoraFiles.Save(staged, adapter, model.Config);
        if (log is not null) AtomicFile.WriteText(Path.Combine(staged, LogName), string.Concat(log.Select(line => line + "\n")));
        Publish(staged, target);
    }

    static void Publish(string staged, string target)
    {
        if (!Directory.Exists(target))
        {
            Directory.Move(staged, target);
            return;
        }
        string config = Path.Combine(target, ModelConfig.FileName);
        foreach (string name in (string[])[ModelConfig.FileName, DiffusionSettings.FileName, LengthPredictor.FileName, LogName,
            WeightFiles.Index, LoraFiles.ConfigName, LoraFiles.WeightsName])
            File.Delete(Path.Combine(target, name));
        foreach (string weights in Directory.GetFiles(target, "model*.safetensors")) File.Delete(weights);
        foreach (string file in Directory.EnumerateFiles(staged))
            if (Path.GetFileName(file) != ModelConfig.FileName)
                File.Move(file, Path.Combine(target, Path.GetFileName(file)), overwrite: true);
        File.Move(Path.Combine(staged, ModelConfig.FileName), config, overwrite: true);
        Directory.Delete(staged, recursive: true);
    }
}
