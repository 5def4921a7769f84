using DiffusionBatch.Diffusion.Lengths;
using DiffusionBatch.Diffusion.Models;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Tests.Lengths;

public sealed class LengthPredictorTests
{
    [Fact]
    public void Logits_agree_with_the_reference_alone_and_in_a_padded_batch()
    {
        using var checkpoint = Golden.Load();
        var cases = Golden.Json("decode.json")["length_beam"]!.AsArray();
        int[][] prompts = [.. cases.Select(c => c!["prompt"]!.AsArray().Select(id => (int)id!).ToArray())];
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        // Prompts of one padded length go together, as in sampling.
        var together = prompts.GroupBy(p => CanvasShape.Padded(p.Length)).SelectMany(g => g.Zip(Logits([.. g])))
            .ToDictionary(p => p.First, p => p.Second);
        for (int i = 0; i < prompts.Length; i++)
        {
            float[] logits = Logits([prompts[i]])[0];
            Assert.Equal(logits, together[prompts[i]]);
            foreach (var pair in cases[i]!["length_logits_top10"]!.AsArray())
                Assert.Equal((float)pair![1]!, logits[(int)pair[0]!], 1e-4f);
        }

        float[][] Logits(int[][] rows)
        {
            int columns = CanvasShape.Padded(rows[0].Length);
            var ids = new long[rows.Length * columns];
            Array.Fill(ids, 1);
            for (int b = 0; b < rows.Length; b++)
                for (int i = 0; i < rows[b].Length; i++) ids[b * columns + i] = rows[b][i];
            var mask = tensor(AttentionMasks.Tokens([.. rows.Select(r => r.Length)], columns), [rows.Length, columns]);
            var logits = checkpoint.LengthPredictor!.Logits(checkpoint.Model.Hidden(tensor(ids, [rows.Length, columns]), mask), mask);
            return [.. logits.data<float>().ToArray().Chunk(checkpoint.LengthPredictor.Classes)];
        }
    }

    [Theory]
    [InlineData(1, 0, 1)]
    [InlineData(2, 0, 1)]
    [InlineData(3, 1, 2)]
    [InlineData(20, 18, 19)]
    public void A_class_stands_for_the_slots_before_the_closing_token(int responseTokens, int lengthClass, int slots)
    {
        Assert.Equal(lengthClass, LengthPredictor.ClassOf(responseTokens));
        Assert.Equal(slots, LengthPredictor.SlotsOf(lengthClass));
    }
}
