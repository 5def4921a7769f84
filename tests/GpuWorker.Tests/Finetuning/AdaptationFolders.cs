using System.Text.Json;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Tokenization;

namespace DiffusionBatch.GpuWorker.Tests.Finetuning;

/// <summary>Small data and small pretrained models to adapt.</summary>
static class AdaptationFolders
{
    static readonly string[] s_words = ["red", "blue", "green", "small", "large", "house", "tree", "Größe"];

    /// <summary>A root with pairs to train on and to sample.</summary>
    public static WorkRoot Root()
    {
        var root = new WorkRoot();
        object[] Pairs(int from, int count) => [.. Enumerable.Range(from, count).Select(i =>
            (object)new { id = $"p{i}", source = $"{s_words[i % 8]} {s_words[i * 3 % 7]}\nso",
                target = $"{s_words[i * 3 % 7]}\n{s_words[i % 8]}" })];
        root.WriteLines("data/train.jsonl", Pairs(0, 40));
        root.WriteLines("data/valid.jsonl", Pairs(40, 6));
        return root;
    }

    /// <summary>A causal model as one downloads it: byte-level tokens, one special token for everything, no mask.</summary>
    public static WorkRoot WithDecoder(this WorkRoot root, string architecture)
    {
        string folder = root.Path("models/decoder");
        var config =
            ModelConfig.Create(new NewModel
            {
                Architecture = architecture,
                HiddenSize = 16,
                Layers = 2,
                Heads = 2,
                FeedForwardSize = 32,
                MaxPositions = 64,
                Dropout = 0
            }, 260, new SpecialTokens(256, 256, 256, 256, 256));
        using (LanguageModel model = architecture == "gpt2" ? new Gpt2(config) : new Llama(config))
        {
            model.Initialise(1);
            CheckpointWriter.Save(folder, model, null, null, null);
        }
        // GPT-2's alphabet of bytes: those that can be printed stand for themselves, the others for characters from 256 on.
        int next = 256;
        var ids = Enumerable.Range(0, 256)
            .ToDictionary(b => (b is >= 33 and <= 126 or >= 161 and <= 172 or >= 174 ? (char)b : (char)next++).ToString(), b => b);
        ids["<|endoftext|>"] = 256;
        root.Write("models/decoder/vocab.json", JsonSerializer.Serialize(ids));
        root.Write("models/decoder/merges.txt", "#version: 0.2\n");
        return root;
    }
}
