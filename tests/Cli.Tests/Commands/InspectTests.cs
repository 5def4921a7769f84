using DiffusionBatch.Diffusion.Checkpoints;

namespace DiffusionBatch.Cli.Tests.Commands;

public sealed class InspectTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Forward_writes_the_reference_implementation_s_logits()
    {
        string golden = SharedData.Require("golden/xlm-roberta");
        string input = Path.Combine(golden, "forward.safetensors");
        var ended = await Dbatch.RunAsync(_folder.Path, "inspect", golden, "--forward", input, "--out", "logits.safetensors");
        Assert.True(ended.ExitCode == 0, ended.Error);
        using var expected = SafeTensorsReader.Open(input);
        using var found = SafeTensorsReader.Open(_folder["logits.safetensors"]);
        Assert.Equal(expected.Tensors["logits"].Shape, found.Tensors["logits"].Shape);
        float[] right = expected.ReadFloats("logits"), logits = found.ReadFloats("logits");
        long[] mask = expected.ReadLongs("attention_mask");
        int vocabulary = right.Length / mask.Length;
        double worst = Enumerable.Range(0, right.Length).Where(i => mask[i / vocabulary] != 0).Max(i => Math.Abs(right[i] - logits[i]));
        Assert.InRange(worst, 0, 1e-4);
    }

    [Fact]
    public async Task Shows_what_a_folder_holds_and_lists_all_that_is_wrong_with_one()
    {
        string golden = SharedData.Require("golden/xlm-roberta");
        var good = await Dbatch.RunAsync(_folder.Path, "inspect", golden);
        Assert.Equal(0, good.ExitCode);
        Assert.Matches(@"(?m)^architecture +xlm-roberta$", good.Out);
        File.Copy(Path.Combine(golden, "config.json"), _folder["config.json"]);
        var bad = await Dbatch.RunAsync(_folder.Path, "inspect", ".");
        Assert.Equal((2, ""), (bad.ExitCode, bad.Out));
        Assert.Contains("model.safetensors", bad.Error, StringComparison.Ordinal);
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();
}
