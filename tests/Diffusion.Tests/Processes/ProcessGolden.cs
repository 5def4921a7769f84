using System.Text.Json;
using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Data;
using DiffusionBatch.Diffusion.SafeTensors;

namespace DiffusionBatch.Diffusion.Tests.Processes;

/// <summary>What published code computed of a process, with the tiny LLaMA as its network.</summary>
static class ProcessGolden
{
    public static SafeTensorsReader Tensors(string process) =>
        SafeTensorsReader.Open(SharedData.Require($"golden/processes/{process}.safetensors"));

    public static JsonElement Json(string process)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(SharedData.Require($"golden/processes/{process}.json")));
        return json.RootElement.Clone();
    }

    public static Checkpoint Network() => Checkpoint.Load(SharedData.Require("golden/llama-full"));

    /// <summary>Sequences as they stand, of which the first tokens are prompts.</summary>
    public static (EncodedPairs Pairs, PairBatch Batch) Clean(long[] x_0, int rows, int prompt)
    {
        int n = x_0.Length / rows;
        var pairs = new EncodedPairs(n, bos: 0, eos: 2);
        for (int b = 0; b < rows; b++) pairs.AddSequence($"{b}", [.. x_0[(b * n)..((b + 1) * n)].Select(id => (int)id)]);
        var batch = new PairBatch(pairs, [.. Enumerable.Range(0, rows)], pad: 1);
        Array.Fill(batch.PromptLengths, prompt);
        return (pairs, batch);
    }

    public static int[] Ids(JsonElement list) => [.. list.EnumerateArray().Select(e => e.GetInt32())];
}
