using System.Globalization;
using DiffusionBatch.Cli.Terminal;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Models.Families;
using DiffusionBatch.Diffusion.Runtime;

namespace DiffusionBatch.Cli.Inspection;

/// <summary>What a checkpoint folder holds, as a table of facts.</summary>
internal static class CheckpointText
{
    /// <summary>The facts of a checkpoint.</summary>
    public static TextTable Of(CheckpointSummary checkpoint)
    {
        ModelConfig config = checkpoint.Config;
        var table = new TextTable("what", "value");
        void Add(string what, FormattableString value) => table.Add(what, value.ToString(CultureInfo.InvariantCulture));
        Add("architecture", $"{config.Architecture}");
        Add("parameters", $"{checkpoint.Parameters:N0}");
        foreach (var (part, parameters) in checkpoint.Parts) Add($"  {part}", $"{parameters:N0}");
        Add("output projection", $"{(config.IsTied ? "the word embeddings" : "its own")}");
        foreach (string note in checkpoint.Notes) Add("  note", $"{note}");
        Add("files", $"{(checkpoint.Files.Count == 1 ? checkpoint.Files[0] : $"{checkpoint.Files.Count} shards")}");
        foreach (var (type, tensors, bytes) in checkpoint.Types) Add($"  {type}", $"{tensors:N0} tensors, {bytes:N0} bytes");
        if (checkpoint.Unused.Count > 0) Add("not used, kept", $"{string.Join(", ", checkpoint.Unused)}");
        Add("layers", $"{config.Layers}");
        Add("hidden size", $"{config.HiddenSize}");
        Add("heads", $"{config.Heads}");
        if (config.KeyValueHeads != config.Heads) Add("key-value heads", $"{config.KeyValueHeads}");
        Add("feed-forward size", $"{config.FeedForwardSize}");
        Add("vocabulary", $"{config.VocabularySize:N0}");
        Add("usable positions", $"{config.UsablePositions}");
        if (SeddFamily.NoiseOf(config) is { } noise)
        {
            string graph = SeddFamily.Diffusion(config).Graph.Mask >= 0 ? "absorb" : "uniform";
            string range = noise.Kind == NoiseKind.Geometric ? FormattableString.Invariant($" {noise.Minimum} to {noise.Maximum}") : "";
            Add("score process", $"{graph}, noise {noise.Kind.ToString().ToLowerInvariant()}{range}");
        }
        Add("own attention", $"{config.Family.OwnAttention(config).ToString().ToLowerInvariant()}");
        if (checkpoint.Tokenizer is { } tokenizer) Add("tokenizer", $"{tokenizer.VocabularySize:N0} ids");
        else Add("tokenizer", $"{(checkpoint.TokenizerProblem is { } problem ? $"can't be read: {problem}" : "none")}");
        if (checkpoint.Tokenizer?.AddedTokens is { Files.Count: > 0 } added)
        {
            Add("  added tokens", $"{added}");
            foreach (string note in added.Notes) Add("", $"{note}");
        }
        var specials = checkpoint.Specials;
        static string Id(int id) => id < 0 ? "none" : id.ToString(CultureInfo.InvariantCulture);
        string ends = $"<s> {Id(specials.Bos)}, <pad> {Id(specials.Pad)}, </s> {Id(specials.Eos)}";
        Add("special ids", $"{ends}, unknown {Id(specials.Unk)}, mask {Id(specials.Mask)}");
        if (checkpoint.Settings is { } settings)
        {
            string attention = settings.Attention.ToString().ToLowerInvariant(), shift = settings.Shift ? ", outputs shifted by one" : "";
            Add("process", $"{settings.Process}, T = {settings.Timesteps}, attention {attention}{shift}");
            Add("prompt", $"{settings.Prompt}");
            if (settings.Vocabulary is { } kept) Add("vocabulary trimmed", $"to {kept.Length:N0} ids");
        }
        else
        {
            Add("process", $"none: not adapted (no {DiffusionSettings.FileName})");
        }
        if (checkpoint.Adapter is { } lora)
        {
            static string Others(bool some) => some ? " and others" : "";
            string size = FormattableString.Invariant(
                $"rank {lora.Rank}{Others(lora.Ranks is not null)}, alpha {lora.Alpha}{Others(lora.Alphas is not null)}");
            Add("adapter", $"LoRA, {size}{(lora.IsRankStabilized ? ", rank-stabilised" : "")}, on {string.Join(", ", lora.Targets)}");
        }
        Add("length predictor", $"{(checkpoint.HasLengthPredictor ? "yes" : "none")}");
        Add("run here by", $"{TorchRuntime.Version}");
        foreach (string note in TorchRuntime.Notes) Add("", $"{note}");
        return table;
    }
}
