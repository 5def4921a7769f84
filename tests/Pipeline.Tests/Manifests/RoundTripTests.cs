using System.Text;
using System.Text.Json.Nodes;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Fingerprints;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Manifests.Schema;

namespace DiffusionBatch.Pipeline.Tests.Manifests;

public sealed class RoundTripTests
{
    static readonly SchemaChecker Checker = new(ManifestSchema.Build());

    [Fact]
    public void What_is_written_reads_again_to_the_same_as_json_and_as_yaml_and_is_good_for_the_schema()
    {
        for (int seed = 0; seed < 400; seed++)
        {
            string written = ManifestWriter.Write(new Generate(seed).Manifest());
            foreach (var format in new[] { ManifestFormat.Json, ManifestFormat.Yaml }) // JSON is YAML, too
            {
                var reading = ManifestReader.Parse(Encoding.UTF8.GetBytes(written), "m", format, null);
                Assert.True(reading.Problems.Count == 0, $"seed {seed}, {format}: {string.Join('\n', reading.Problems)}\n{written}");
                Assert.Equal(written, ManifestWriter.Write(reading.Manifest!));
            }
            Assert.True(Checker.Accepts(JsonNode.Parse(written)), $"seed {seed}: the schema refuses {written}");
        }
    }

    [Fact]
    public void Damaged_text_never_throws()
    {
        var random = new Random(1);
        byte[] good = Encoding.UTF8.GetBytes(Read.Sample);
        for (int i = 0; i < 2000; i++)
        {
            byte[] bad = [.. good];
            for (int n = random.Next(1, 4); n > 0; n--) bad[random.Next(bad.Length)] = (byte)random.Next(256);
            if (random.Next(3) == 0) bad = bad[..random.Next(bad.Length)];
            foreach (var format in new[] { ManifestFormat.Json, ManifestFormat.Yaml })
            {
                var reading = Read.Bytes(bad, format);
                Assert.Equal(reading.Manifest is null, reading.Problems.Count > 0);
                Assert.All(reading.Problems, p => Assert.DoesNotContain('\n', p.ToString()));
            }
        }
    }

    [Fact]
    public void The_canonical_text_leaves_out_what_does_not_change_results()
    {
        var manifest = Read.Good<SampleManifest>(Read.Sample);
        string text = CanonicalManifest.Of(manifest);
        Assert.Equal(text, CanonicalManifest.Of(manifest with { Name = "other", Output = "other", Overwrite = true, BatchTokens = 7 }));
        Assert.NotEqual(text, CanonicalManifest.Of(manifest with { Seed = 2 }));
        Assert.NotEqual(text, CanonicalManifest.Of(manifest with { Sampler = new() }));
        Assert.DoesNotContain('\n', text);
    }

    [Fact]
    public void Spelling_a_default_out_changes_nothing() =>
        Assert.Equal(
            CanonicalManifest.Of(Read.Good<SampleManifest>(Read.Sample)),
            CanonicalManifest.Of(Read.Good<SampleManifest>(Read.Sample.Replace("\"preset\": \"rdm\", ", "")
                .Replace("\"shardSize\": 256, ", ""))));
}
