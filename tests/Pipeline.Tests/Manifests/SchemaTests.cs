using System.Text.Json;
using System.Text.Json.Nodes;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Manifests.Schema;

namespace DiffusionBatch.Pipeline.Tests.Manifests;

public sealed class SchemaTests
{
    static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
    static readonly SchemaChecker Checker = new(ManifestSchema.Build());

    public static TheoryData<int> BadCases => BadManifestTests.Cases;

    public static TheoryData<string> Samples =>
        [.. Directory.GetFiles(Path.Combine(SharedData.RepositoryRoot, "samples"), "*.json").Select(file => Path.GetFileName(file)!)];

    [Fact]
    public void The_committed_schema_is_what_the_records_say()
    {
        string file = Path.Combine(SharedData.RepositoryRoot, "schemas", "manifest.schema.json");
        string made = ManifestSchema.Text();
        if (Environment.GetEnvironmentVariable("DBATCH_UPDATE_SCHEMAS") == "1") File.WriteAllText(file, made);
        Assert.True(File.ReadAllText(file) == made, "schemas/manifest.schema.json is stale: run this test with DBATCH_UPDATE_SCHEMAS=1");
    }

    [Fact]
    public void Good_manifests_are_good_for_the_schema()
    {
        foreach (string text in new[] { Read.Finetune, Read.Sample, Read.Evaluate,
            $$"""{"kind":"pipeline","name":"p","jobs":[{{Read.Sample}},{{Read.Evaluate}}]}""" })
            Assert.True(Checker.Accepts(JsonNode.Parse(text)));
    }

    [Theory]
    [MemberData(nameof(BadCases))]
    public void The_schema_and_the_reader_refuse_the_same_shapes(int number)
    {
        var bad = BadManifest.All[number];
        // 1e999 is beyond what JSON libraries agree on; the schema checker reads doubles too.
        Assert.Equal(!bad.Shape, Checker.Accepts(JsonNode.Parse(bad.Text)));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("a/b.c/d e")]
    [InlineData("./a")]
    [InlineData("a//b/")]
    [InlineData("...")]
    [InlineData("a..b/..c")]
    [InlineData("ä/😀")]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("./")]
    [InlineData("././/.")]
    [InlineData("/")]
    [InlineData("/a")]
    [InlineData("..")]
    [InlineData("a/..")]
    [InlineData("../a")]
    [InlineData("a/../b")]
    [InlineData("c:a")]
    [InlineData("c:/a")]
    [InlineData("a\\b")]
    [InlineData("a\nb")]
    [InlineData("a\0")]
    public void The_schema_and_the_reader_agree_on_paths(string path)
    {
        var manifest = JsonNode.Parse(Read.Sample)!;
        manifest["output"] = path;
        Assert.Equal(Read.Json(manifest.ToJsonString()).Manifest is not null, Checker.Accepts(manifest));
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void The_samples_are_good_for_both(string file)
    {
        string text = File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "samples", file));
        Assert.Empty(ManifestReader.Parse(System.Text.Encoding.UTF8.GetBytes(text), file, ManifestFormat.Json, null).Problems);
        Assert.True(Checker.Accepts(JsonNode.Parse(text, null, Lenient)));
    }

    [Fact]
    public void Every_field_says_what_it_means()
    {
        foreach (var (name, definition) in ManifestSchema.Build()["$defs"]!.AsObject())
        {
            var properties = (definition!["properties"] ?? definition["anyOf"]![1]!["properties"])!.AsObject();
            Assert.All(properties, pair =>
                Assert.False(string.IsNullOrWhiteSpace((string?)pair.Value!["description"]), $"{name}.{pair.Key}"));
        }
    }
}
