using System.Globalization;
using DiffusionBatch.Cli.Terminal;
using DiffusionBatch.Diffusion.Checkpoints;

namespace DiffusionBatch.Cli.Inspection;

/// <summary>What a checkpoint folder holds, as a table of facts.</summary>
internal static class CheckpointText
{
    /// <summary>The facts of a loaded checkpoint.</summary>
    public static TextTable Of(Checkpoint checkpoint)
    {
        ModelConfig config = checkpoint.Model.Config;
        var table = new TextTable("what", "value");
        void Add(string what, FormattableString value) => table.Add(what, value.ToString(CultureInfo.InvariantCulture));
        Add("architecture", $"{config.Architecture}");
        Add("parameters", $"{checkpoint.Model.parameters().Sum(p => p.numel()):N0}");
        Add("layers", $"{config.Layers}");
        Add("hidden size", $"{config.HiddenSize}");
        Add("heads", $"{config.Heads}");
        Add("feed-forward size", $"{config.FeedForwardSize}");
        Add("vocabulary", $"{config.VocabularySize:N0}");
        Add("usable positions", $"{config.UsablePositions}");
        Add("tokenizer", $"{(checkpoint.Tokenizer is { } t ? $"{t.VocabularySize.ToString("N0", CultureInfo.InvariantCulture)} ids" : "none")}");
        Add("special ids", $"<s> {checkpoint.Specials.Bos}, <pad> {checkpoint.Specials.Pad}, </s> {checkpoint.Specials.Eos}, mask {checkpoint.Specials.Mask}");
        if (checkpoint.Settings is { } settings)
        {
            Add("process", $"{settings.Process}, T = {settings.Timesteps}, attention {settings.Attention.ToString().ToLowerInvariant()}");
            Add("prompt", $"{settings.Prompt}");
        }
        Add("length predictor", $"{(checkpoint.LengthPredictor is null ? "none" : "yes")}");
        return table;
    }
}
