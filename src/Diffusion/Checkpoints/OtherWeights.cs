using DiffusionBatch.Diffusion.Models.Families;

namespace DiffusionBatch.Diffusion.Checkpoints;

/// <summary>Weights in formats that are not read, and how they become safetensors.</summary>
static class OtherWeights
{
    /// <summary>How the names of what may stand beside a model's weights begin.</summary>
    static readonly string[] NoWeights = ["training_args", "optimizer", "scheduler", "scaler", "rng_state", "random_states", "adapter_",
        Lengths.LengthPredictor.FileName];

    /// <summary>
    /// What to say of a folder that lacks its weights: which others are there, and how to convert them. Null where there are none.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="family">The model's family, where it is known.</param>
    public static string? Hint(string folder, ModelFamily? family)
    {
        var files = Directory.EnumerateFiles(folder, "*", new EnumerationOptions { IgnoreInaccessible = true })
            .Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)
            .Where(name => !NoWeights.Any(other => name.StartsWith(other, StringComparison.Ordinal))).ToList();
        string? Of(params string[] endings) =>
            files.Find(name => endings.Any(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase)));
        if (Of(".safetensors") is { } other)
            return $"{other} is there: weights in one file are "
                + $"called {WeightFiles.Single}, and shards need {WeightFiles.Index} beside them";
        string auto = family switch
        {
            null => "AutoModel",
            { IsEncoderDecoder: true } => "AutoModelForSeq2SeqLM",
            { IsMasked: true } => "AutoModelForMaskedLM",
            _ => "AutoModelForCausalLM",
        };
        return Of(".bin", ".pt", ".pth", ".ckpt") is { } pickled ? Convert(pickled, "PyTorch's", "")
            : Of(".h5", ".ckpt.index") is { } tensorFlow ? Convert(tensorFlow, "TensorFlow's", ", from_tf=True")
            : Of(".msgpack") is { } flax ? Convert(flax, "Flax's", ", from_flax=True")
            : Of(".gguf", ".ggml") is { } gguf ? Convert(gguf, "llama.cpp's", $", gguf_file='{gguf}'")
            : null;

        string Convert(string file, string whose, string options) => family is { GivesScores: true }
            ? $"{file} is there, in {whose} format, which isn't read; convert it with Python: "
                + $"safetensors.torch.save_file(torch.load('FOLDER/{file}', map_location='cpu'), 'FOLDER/{WeightFiles.Single}')" :
            $"{file} is there, in {whose} format, which isn't read; convert it with Python's transformers: from transformers "
                + $"import {auto}; {auto}.from_pretrained('FOLDER'{options}).save_pretrained('FOLDER', safe_serialization=True)";
    }
}
