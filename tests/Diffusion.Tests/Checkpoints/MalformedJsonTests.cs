using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Files;

namespace DiffusionBatch.Diffusion.Tests.Checkpoints;

/// <summary>A checkpoint's JSON files that are no JSON, or hold what can't be used: each problem has its file and place.</summary>
public sealed class MalformedJsonTests : IDisposable
{
    const string Advice = "; repair the file, or copy it again from where the model came";

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    List<CheckpointProblem> Problems(string file, byte[] content)
    {
        foreach (string path in (string[])["config.json", "model.safetensors"])
            File.Copy(Path.Combine(Golden.XlmRoberta, path), _folder[path]);
        File.WriteAllBytes(_folder[file], content);
        return [.. Assert.Throws<CheckpointException>(() => Checkpoint.Check(_folder.Path)).Problems];
    }

    string Problem(string file, string text) => Assert.Single(Problems(file, System.Text.Encoding.UTF8.GetBytes(text))).ToString();

    [Theory]
    [InlineData("{\n  \"model_type\": ", ":2:17: malformed JSON: ")]
    [InlineData("{\n  \"ä\": 1,\n  \"b\" 2\n}", ":3:7: malformed JSON: '2' is invalid after a property name")]
    [InlineData("{\n  \"ä\": tru\n}", ":2:11: malformed JSON: expected a value, found 'tru'")]
    [InlineData("{\"model_type\": \"roberta\",\n \"model_type\": \"roberta\"}",
        ":2:2: the field \"model_type\" stands twice in this object")]
    [InlineData("{\"a\": {\"b\": 1,\n \"b\": 2}}", ":2:2: the field \"b\" stands twice in this object")]
    [InlineData("{\"a\":\n \"\\ud800\"}", ":2:2: malformed JSON: half of a surrogate pair in a \\u escape")]
    [InlineData(" \n", ":1:1: the file is empty; a JSON object is expected")]
    public void A_config_that_is_no_json_has_its_line_and_column(string text, string expected)
    {
        string problem = Problem("config.json", text);
        Assert.StartsWith("config.json" + expected, problem, StringComparison.Ordinal);
        Assert.EndsWith(Advice, problem, StringComparison.Ordinal);
        Assert.DoesNotContain("LineNumber", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_no_utf8_have_their_place()
    {
        Assert.Equal("config.json:2:7: invalid UTF-8: byte 0xFF" + Advice,
            Assert.Single(Problems("config.json", [.. "{\n\"ä\": \""u8, 0xFF, .. "\"}"u8])).ToString());
    }

    [Fact]
    public void A_list_is_no_configuration() =>
        Assert.Equal("config.json: the file does not hold an object; expected a JSON object, found a list", Problem("config.json", "[]"));

    [Fact]
    public void A_byte_order_mark_is_no_fault()
    {
        foreach (string path in (string[])["config.json", "model.safetensors"])
            File.Copy(Path.Combine(Golden.XlmRoberta, path), _folder[path]);
        File.WriteAllBytes(_folder["config.json"], [0xEF, 0xBB, 0xBF, .. File.ReadAllBytes(_folder["config.json"])]);
        Checkpoint.Check(_folder.Path);
    }

    [Theory]
    [InlineData("\"timesteps\": \"many\"", ":3: timesteps: the value can't be used; expected a whole number")]
    [InlineData("\"shift\": 1", ":3: shift: the value can't be used; expected true or false")]
    [InlineData("\"attention\": \"wide\"", ":3: attention: the value can't be used; expected \"full\" or \"")]
    [InlineData("\"prompt\": null", ":3: prompt: the value can't be used; expected a text")]
    [InlineData("\"vocabulary\": [1, \"2\"]", ":3: vocabulary[1]: the value can't be used; expected a list of whole numbers")]
    [InlineData("\"unknown\": 1", ":3: unknown: the field is unknown")]
    [InlineData("\"prompt\": \"{text}\"", ": prompt: ")]
    [InlineData("\"newline\": 120", ": newline: the id is not one of the model's; expected 0 to 119, found 120")]
    [InlineData("\"maxLength\": 0", ": maxLength: the value can't be used; expected at least 1, found 0")]
    public void A_setting_that_cannot_be_used_has_its_field_and_place(string field, string expected)
    {
        string problem = Problem("diffusion.json", $$"""
            {
            "specials": {"bos": 0, "pad": 1, "eos": 2, "unk": 3, "mask": 4},
            {{field}}
            }
            """);
        Assert.StartsWith("diffusion.json" + expected, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mask_that_is_another_special_token_is_refused() =>
        Assert.Equal("diffusion.json: specials.mask: the mask is another special token as well; expected an id of its own, found 2",
            Problem("diffusion.json", """{"specials": {"bos": 0, "pad": 1, "eos": 2, "unk": 3, "mask": 2}}"""));

    [Fact]
    public void Settings_without_special_tokens_say_which_field_is_missing() =>
        Assert.Equal("diffusion.json:1: fields are missing: specials", Problem("diffusion.json", "{}"));
}
