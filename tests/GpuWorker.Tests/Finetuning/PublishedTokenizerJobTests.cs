using System.Text.Json;

namespace DiffusionBatch.GpuWorker.Tests.Finetuning;

/// <summary>A published tokenizer goes through adaptation: its files are kept, its vocabulary is cut, its texts come back.</summary>
public sealed class PublishedTokenizerJobTests
{
    const string Training = """
        "data": { "train": "data/train.jsonl", "prompt": "{source}", "maxLength": 40 }, "vocabulary": { "trim": true },
        "training": { "steps": 2, "batchTokens": 128, "warmupSteps": 1 }
        """;

    const string Pipeline = """
        { "kind": "pipeline", "name": "all", "jobs": [
          { "kind": "finetune", "name": "first", "output": "models/first",
            "model": { "new": { "architecture": "xlm-roberta", "hiddenSize": 16, "layers": 1, "heads": 2, "feedForwardSize": 16, "maxPositions": 48 }, "tokenizer": { "from": "tokenizers/xlm-roberta" } },
        """ + Training + """
          },
          { "kind": "finetune", "name": "second", "output": "models/second", "model": { "from": "models/first" },
        """ + Training + """
          },
          { "kind": "sample", "name": "sample", "model": { "from": "models/second" }, "input": "data/test.jsonl", "output": "results", "ids": true,
            "sampler": { "steps": 2, "length": { "source": "oracle" } } }
        ] }
        """;

    [Fact]
    public async Task XLM_R_s_files_are_kept_and_its_texts_come_back()
    {
        using var root = new WorkRoot();
        byte[] model = File.ReadAllBytes(SharedData.Require("data/tokenizers/xlmr_rebuilt.sentencepiece.bpe.model"));
        Directory.CreateDirectory(root.Path("tokenizers/xlm-roberta"));
        File.WriteAllBytes(root.Path("tokenizers/xlm-roberta/sentencepiece.bpe.model"), model);
        root.WriteLines("data/train.jsonl",
            [new { id = "a", source = "Ein Mann läuft.", target = "A man runs." },
                new { id = "b", source = "Zwei Hunde im Schnee.", target = "Two dogs in the snow." }]);
        root.WriteLines("data/test.jsonl", [new { id = "c", source = "Zwei Mann 日本.", target = "Two men." }]);
        await root.MustRun(Pipeline);

        foreach (string folder in (string[])["models/first", "models/second"])
        {
            Assert.Equal(model, File.ReadAllBytes(root.Path(folder + "/sentencepiece.bpe.model")));
            var kept = Json(File.ReadAllText(root.Path(folder + "/diffusion.json"))).GetProperty("vocabulary").EnumerateArray()
                .Select(i => i.GetInt32()).ToList();
            Assert.InRange(kept.Count, 20, 60);
            Assert.Equal(250001, kept[^1]);
            Assert.Equal(kept.Count, Json(File.ReadAllText(root.Path(folder + "/config.json"))).GetProperty("vocab_size").GetInt32());
        }
        var line = Json(root.Lines("results/steps=2")["c"]);
        Assert.Equal(JsonValueKind.String, line.GetProperty("text").ValueKind);
        Assert.Equal(line.GetProperty("length").GetInt32(), line.GetProperty("ids").GetArrayLength());
    }

    static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
