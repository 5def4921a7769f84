using DiffusionBatch.Diffusion.SafeTensors;

namespace DiffusionBatch.Cli.Tests.Commands;

public sealed class InspectTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("xlm-roberta")]
    [InlineData("roberta")]
    [InlineData("bert")]
    [InlineData("xlm-roberta-xl")]
    [InlineData("gpt2")]
    [InlineData("llama")]
    public async Task Forward_writes_the_reference_implementation_s_logits(string name)
    {
        string golden = SharedData.Require("golden/" + name);
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

    [Theory]
    [InlineData("absorb")]
    [InlineData("uniform")]
    public async Task Forward_of_SEDD_reads_sigma_and_writes_log_scores(string graph)
    {
        string golden = SharedData.Require("golden/sedd-" + graph);
        using var expected = SafeTensorsReader.Open(Path.Combine(golden, "expected.safetensors"));
        var input = new SafeTensorsWriter();
        input.Add("input_ids", expected.ReadLongs("x_t"), 3, 12);
        float[] sigma = expected.ReadFloats("sigma");
        input.Add("sigma", SafeTensorType.F32, [3], 3, s => s.Write(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(sigma)));
        input.Save(_folder["in.safetensors"]);
        var ended = await Dbatch.RunAsync(_folder.Path, "inspect", golden, "--forward", "in.safetensors", "--out", "out.safetensors");
        Assert.True(ended.ExitCode == 0, ended.Error);
        using var found = SafeTensorsReader.Open(_folder["out.safetensors"]);
        Assert.Equal(expected.Tensors["log_score"].Shape, found.Tensors["log_score"].Shape);
        float[] right = expected.ReadFloats("log_score"), scores = found.ReadFloats("log_score");
        Assert.InRange(right.Zip(scores, (a, b) => Math.Abs(a - b)).Max(), 0, 1e-4);

        var without = new SafeTensorsWriter();
        without.Add("input_ids", expected.ReadLongs("x_t"), 3, 12);
        without.Save(_folder["without.safetensors"]);
        ended = await Dbatch.RunAsync(_folder.Path, "inspect", golden, "--forward", "without.safetensors", "--out", "none.safetensors");
        Assert.Equal(2, ended.ExitCode);
        Assert.Contains("sigma", ended.Error, StringComparison.Ordinal);
        Assert.Contains(graph, (await Dbatch.RunAsync(_folder.Path, "inspect", golden)).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Forward_takes_other_integers_no_mask_and_padding_on_either_side()
    {
        string golden = SharedData.Require("golden/xlm-roberta");
        async Task<float[]> Logits(string name, Action<SafeTensorsWriter> fill)
        {
            var writer = new SafeTensorsWriter();
            fill(writer);
            writer.Save(_folder[name]);
            var ended = await Dbatch.RunAsync(_folder.Path, "inspect", golden, "--forward", name, "--out", "out-" + name);
            Assert.True(ended.ExitCode == 0, ended.Error);
            using var found = SafeTensorsReader.Open(_folder["out-" + name]);
            return found.ReadFloats("logits");
        }
        byte[] narrow = [.. new[] { 0, 9, 30, 2 }.SelectMany(BitConverter.GetBytes)];
        float[] plain = await Logits("plain", w => w.Add("input_ids", SafeTensorType.I32, [1, 4], 4, s => s.Write(narrow)));
        float[] right = await Logits("right", w =>
        {
            w.Add("input_ids", new long[] { 0, 9, 30, 2, 1, 1 }, 1, 6);
            w.Add("attention_mask", new long[] { 1, 1, 1, 1, 0, 0 }, 1, 6);
        });
        float[] left = await Logits("left", w =>
        {
            w.Add("input_ids", new long[] { 1, 1, 0, 9, 30, 2 }, 1, 6);
            w.Add("attention_mask", SafeTensorType.BOOL, [1, 6], 6, s => s.Write([0, 0, 1, 1, 1, 1]));
        });
        Assert.Equal(plain, right[..(4 * 120)]);
        // The RoBERTas' positions skip the padding.
        Assert.All(Enumerable.Range(0, 4 * 120), i => Assert.Equal(plain[i], left[2 * 120 + i], 1e-5f));
    }

    [Fact]
    public async Task Says_which_file_s_added_tokens_were_taken()
    {
        string source = SharedData.Require("golden/gpt2");
        foreach (string file in (string[])["config.json", "model.safetensors"]) File.Copy(Path.Combine(source, file), _folder[file]);
        File.WriteAllText(_folder["vocab.json"], """{"<|endoftext|>": 0, "a": 1}""");
        File.WriteAllText(_folder["merges.txt"], "");
        File.WriteAllText(_folder["added_tokens.json"], """{"<x>": 2, "<y>": 4}""");
        File.WriteAllText(_folder["tokenizer.json"], """{"added_tokens": [{"id": 3, "content": "<x>"}]}""");
        var ended = await Dbatch.RunAsync(_folder.Path, "inspect", ".");
        Assert.True(ended.ExitCode == 0, ended.Error);
        Assert.Matches(@"(?m)^ +added tokens +1 of tokenizer\.json, 1 of added_tokens\.json; 2 found in texts$", ended.Out);
        Assert.Matches("(?m)^ +tokenizer\\.json is taken where added_tokens\\.json disagrees: \"<x>\" is 3, not 2$", ended.Out);
        var ids = await Dbatch.RunAsync(_folder.Path, "\"a<x><y>\"\n", ["tokenize", "."]);
        Assert.Equal("[1,3,4]\n", ids.Out);
        Assert.Contains("dbatch: .: tokenizer.json is taken where added_tokens.json disagrees", ids.Error, StringComparison.Ordinal);
        // An id beyond the embeddings, and one that is another token's.
        File.WriteAllText(_folder["added_tokens.json"], """{"<y>": 120}""");
        var beyond = await Dbatch.RunAsync(_folder.Path, "inspect", ".");
        Assert.Equal(2, beyond.ExitCode);
        Assert.Contains("config.json: vocab_size: the model lacks ids that the tokenizer has", beyond.Error, StringComparison.Ordinal);
        File.WriteAllText(_folder["added_tokens.json"], """{"<y>": 1}""");
        var clash = await Dbatch.RunAsync(_folder.Path, "inspect", ".");
        Assert.Contains("can't be read: added_tokens.json: \"<y>\": the id 1 of \"<y>\" is that of \"a\" in vocab.json", clash.Out,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("golden/bert", @"bert", "full", "F32 +58 tensors")]
    [InlineData("golden/gpt2", @"gpt2", "causal", "F32 +40 tensors")]
    [InlineData("data/models/stories260K", @"llama", "causal", "F32 +47 tensors")]
    public async Task Shows_the_architecture_its_parts_and_its_types(string name, string architecture, string attention, string types)
    {
        string source = SharedData.Require(name);
        foreach (string file in (string[])["config.json", "model.safetensors"]) File.Copy(Path.Combine(source, file), _folder[file]);
        var ended = await Dbatch.RunAsync(_folder.Path, "inspect", ".");
        Assert.True(ended.ExitCode == 0, ended.Error);
        Assert.Matches($@"(?m)^architecture +{architecture}$", ended.Out);
        Assert.Matches($@"(?m)^own attention +{attention}$", ended.Out);
        Assert.Matches($@"(?m)^ +{types}", ended.Out);
        long Figure(string row) =>
            long.Parse(System.Text.RegularExpressions.Regex.Match(ended.Out, $@"(?m)^ *{row} +([\d,]+)$").Groups[1].Value.Replace(",", "",
                StringComparison.Ordinal), System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(Figure("parameters"), Figure("embeddings") + Figure("layers") + Figure("head"));
        Assert.True(Figure("embeddings") > 0 && Figure("layers") > 0 && Figure("head") > 0);
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

    [Fact]
    public async Task What_is_wrong_with_a_folder_or_a_file_has_its_path_and_line()
    {
        string golden = SharedData.Require("golden/xlm-roberta");
        foreach (string file in (string[])["config.json", "model.safetensors"]) File.Copy(Path.Combine(golden, file), _folder[file]);
        File.WriteAllText(_folder["config.json"], "{\n  \"model_type\": ,\n}");
        var bad = await Dbatch.RunAsync(_folder.Path, "inspect", ".");
        Assert.Equal((2, ""), (bad.ExitCode, bad.Out));
        Assert.StartsWith("./config.json:2:17: malformed JSON: ", bad.Error, StringComparison.Ordinal);
        var none = await Dbatch.RunAsync(_folder.Path, "inspect", golden, "--forward", "none.safetensors", "--out", "o");
        Assert.Equal((2, "none.safetensors: the file is missing"), (none.ExitCode, none.Error.Trim()));
        var taken = await Dbatch.RunAsync(_folder.Path, "inspect", golden, "--forward", "none.safetensors", "--out", ".");
        Assert.Equal((2, "dbatch: --out .: expected a file's name, found a folder"), (taken.ExitCode, taken.Error.Trim()));
    }

    [Fact]
    public async Task An_output_projection_of_its_own_under_a_config_that_ties_it_is_told()
    {
        string golden = SharedData.Require("golden/gpt2");
        File.Copy(Path.Combine(golden, "config.json"), _folder["config.json"]);
        var writer = new SafeTensorsWriter();
        using (var reader = SafeTensorsReader.Open(Path.Combine(golden, "model.safetensors")))
        {
            foreach (var (name, info) in reader.Tensors) writer.Add(name, reader.ReadFloats(name), info.Shape);
            writer.Add("lm_head.weight", new float[reader.Tensors["transformer.wte.weight"].Elements],
                reader.Tensors["transformer.wte.weight"].Shape);
            writer.Save(_folder["model.safetensors"]);
        }
        var shown = await Dbatch.RunAsync(_folder.Path, "inspect", ".");
        Assert.Equal(0, shown.ExitCode);
        Assert.Matches(@"(?m)^output projection +its own$", shown.Out);
        Assert.Matches(@"(?m)^ +note +model\.safetensors: the output projection lm_head\.weight .*tie_word_embeddings", shown.Out);
        var run = await Dbatch.RunAsync(_folder.Path, "inspect", ".", "--forward", Path.Combine(golden, "forward.safetensors"), "--out",
            "logits.safetensors");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("dbatch: model.safetensors: the output projection lm_head.weight", run.Error, StringComparison.Ordinal);
        using var logits = SafeTensorsReader.Open(_folder["logits.safetensors"]);
        Assert.All(logits.ReadFloats("logits"), logit => Assert.Equal(0, logit));
    }

    [Fact]
    public async Task Weights_that_are_not_finite_are_told_with_their_tensor()
    {
        string golden = SharedData.Require("golden/xlm-roberta");
        foreach (string file in (string[])["config.json", "model.safetensors"]) File.Copy(Path.Combine(golden, file), _folder[file]);
        using (var stream = new FileStream(_folder["model.safetensors"], FileMode.Open))
        {
            stream.Position = stream.Length - 4;
            stream.Write(BitConverter.GetBytes(float.PositiveInfinity));
        }
        var bad = await Dbatch.RunAsync(_folder.Path, "inspect", ".");
        Assert.Equal((2, ""), (bad.ExitCode, bad.Out));
        Assert.Matches(
            @"^\./model\.safetensors: \S+: the weights are damaged or training diverged; expected finite numbers, found infinity at \[",
            bad.Error);
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();
}
