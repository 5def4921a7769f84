using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Pipeline.Tests.Manifests;

public sealed class YamlTests
{
    const string Small = "kind: sample\nname: a\nmodel: {from: models/de-en}\ninput: data/test.jsonl\noutput: o\n";

    public static TheoryData<int> BadCases => BadManifestTests.Cases;

    [Fact]
    public void The_yaml_sample_is_the_json_sample()
    {
        string folder = Path.Combine(SharedData.RepositoryRoot, "samples");
        string of(string file) =>
            ManifestWriter.Write(ManifestReader.Parse(File.ReadAllBytes(Path.Combine(folder, file)), file, ManifestReader.FormatOf(file),
                null).Require());
        Assert.Equal(of("pipeline.json"), of("pipeline.yaml"));
    }

    [Theory]
    [MemberData(nameof(BadCases))]
    public void Bad_yaml_has_the_problem_of_the_same_bad_json(int number)
    {
        var bad = BadManifest.All[number];
        var problem = Assert.Single(Read.Yaml(Block(JsonNode.Parse(bad.Text)!)).Problems);
        Assert.Equal((bad.Pointer, bad.Message), (problem.Pointer, problem.Message));
    }

    [Theory]
    [InlineData("seed: 7\n", 7)]
    [InlineData("seed: 0x1F\n", 31)]
    [InlineData("seed: 0o17\n", 15)]
    [InlineData("seed: +5.0e1\n", 50)]
    [InlineData("seed: 007\n", 7)]
    [InlineData("seed: !!int 7\n", 7)]
    [InlineData("seed: !!int \"7\"\n", 7)]
    [InlineData("seed: !!int 0x1F\n", 31)]
    [InlineData("seed: !!float 5.0e1\n", 50)]
    [InlineData("seed: !!float 5\n", 5)]
    [InlineData("seed: !<tag:yaml.org,2002:int> 7\n", 7)]
    [InlineData("trace: !!bool false\nseed: 3\n", 3)]
    [InlineData("sampler: !!map {steps: !!seq [!!int 1, !!int \"2\"]}\nseed: 3\n", 3)]
    [InlineData("!!str seed: 3\n", 3)]
    public void Plain_numbers_are_those_of_the_core_schema(string line, long seed)
    {
        var reading = Read.Yaml(Small + line);
        Assert.Empty(reading.Problems);
        Assert.Equal(seed, ((SampleManifest)reading.Manifest!).Seed);
    }

    [Theory]
    [InlineData("seed: \"7\"\n", 6, 7, "found \"7\"")]
    [InlineData("seed: .inf\n", 6, 7, "found \".inf\"")]
    [InlineData("seed: 0x\n", 6, 7, "found \"0x\"")]
    [InlineData("seed:\n", 6, 6, "found null")]
    [InlineData("trace: yes\n", 6, 8, "expected true or false, found \"yes\"")]
    [InlineData("seed: 1\nseed: 2\n", 7, 1, "the field \"seed\" stands twice in this object")]
    [InlineData("? [a]\n: 1\n", 6, 3, "expected a field's name, found something else as a key")]
    [InlineData("seed: *x\n", 6, 7, "the alias *x has no anchor before it")]
    [InlineData("seed: !!binary 4\n", 6, 7,
        "the tag !!binary is not supported; those of YAML's core schema are: !!str, !!int, !!float, !!bool, !!null, !!seq, !!map")]
    [InlineData("seed: !!timestamp 2026-01-01\n", 6, 7, "the tag !!timestamp is not supported")]
    [InlineData("seed: !mine 4\n", 6, 7, "the tag !mine is not supported")]
    [InlineData("seed: !!int 4.5\n", 6, 7, "\"4.5\" isn't a whole number, as its tag !!int says")]
    [InlineData("seed: !!int \"x\"\n", 6, 7, "\"x\" isn't a whole number, as its tag !!int says")]
    [InlineData("seed: !!float 0x1F\n", 6, 7, "\"0x1F\" isn't a number, as its tag !!float says")]
    [InlineData("trace: !!bool yes\n", 6, 8, "\"yes\" isn't true or false, as its tag !!bool says")]
    [InlineData("trace: !!null none\n", 6, 8, "\"none\" isn't null, as its tag !!null says")]
    [InlineData("sampler: !!seq {steps: 1}\n", 6, 10, "the tag !!seq stands before an object, which isn't a list")]
    [InlineData("sampler: {steps: !!map [1]}\n", 6, 18, "the tag !!map stands before a list, which isn't an object")]
    [InlineData("sampler: {steps: !!str [1]}\n", 6, 18, "the tag !!str stands before a list, which isn't a text")]
    [InlineData("seed: !!map 4\n", 6, 7, "the tag !!map stands before a single value, which isn't an object")]
    [InlineData("seed: !!str 4\n", 6, 7, "found \"4\"")]
    [InlineData("!!int 5: 1\n", 6, 1, "expected a field's name, found something else as a key")]
    [InlineData("---\na: 1\n", 6, 1, "expected one YAML document, found another one")]
    [InlineData("seed: [1\n", 7, 1, "malformed YAML")]
    [InlineData("\tseed: 1\n", 5, 9, "malformed YAML")]
    public void What_json_cannot_say_is_refused_with_its_place(string more, int line, int column, string words)
    {
        var problem = Assert.Single(Read.Yaml(Small + more).Problems);
        Assert.Contains(words, problem.Message);
        Assert.DoesNotContain("Idx", problem.Message);
        Assert.Equal((line, column), (problem.Line, problem.Column));
    }

    [Fact]
    public void Aliases_are_followed_and_bombs_are_not()
    {
        var reading = Read.Yaml("""
            kind: pipeline
            name: p
            jobs:
              - kind: sample
                name: a
                model: &m {from: models/de-en}
                input: &i data/test.jsonl
                sampler: &s
                  steps: &l [1, 2]
                output: o1
              - {kind: sample, name: b, model: *m, input: *i, sampler: {steps: *l}, output: o2}
              - kind: sample
                name: c
                sampler: *s
                model: *m
                input: *i
                output: o3
            """);
        Assert.Empty(reading.Problems);
        Assert.All(((PipelineManifest)reading.Manifest!).Jobs,
            job => Assert.Equal([1, 2], ((SampleManifest)job).Sampler.ValuesOf("steps")));

        var bomb = new StringBuilder("a: &a0 [1,1,1,1,1,1,1,1,1,1]\n");
        for (int i = 1; i < 12; i++) bomb.Append($"a{i}: &a{i} [{string.Join(',', Enumerable.Repeat($"*a{i - 1}", 10))}]\n");
        Assert.Equal("more than 100000 values, aliases followed", Assert.Single(Read.Yaml(bomb.ToString()).Problems).Message);
    }

    [Fact]
    public void Deep_nesting_is_a_problem_not_a_crash() =>
        Assert.Equal("nested deeper than 64 levels", Assert.Single(Read.Yaml(new string('[', 900))!.Problems).Message);

    /// <summary>A JSON value as block-style YAML; texts in double quotes, which YAML shares with JSON.</summary>
    static string Block(JsonNode node, int depth = 0)
    {
        string indent = new(' ', depth * 2);
        return node switch
        {
            JsonObject { Count: > 0 } o =>
                string.Concat(o.Select(p => $"{indent}{JsonSerializer.Serialize(p.Key)}:{Rest(p.Value, depth)}")),
            JsonArray { Count: > 0 } list => string.Concat(list.Select(item => $"{indent}-{Rest(item, depth)}")),
            _ => node.ToJsonString() + "\n",
        };
    }

    static string Rest(JsonNode? value, int depth) =>
        value is JsonObject { Count: > 0 } or JsonArray { Count: > 0 }
            ? "\n" + Block(value, depth + 1)
            : $" {value?.ToJsonString() ?? "null"}\n";
}
