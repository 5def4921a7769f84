using System.Text;
using System.Text.RegularExpressions;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Manifests.Schema;

namespace DiffusionBatch.Pipeline.Tests.Manifests;

public sealed partial class DocumentationTests
{
    static readonly string Document = Path.Combine(SharedData.RepositoryRoot, "docs", "manifests.md");

    [Theory]
    [InlineData("finetune", typeof(FinetuneManifest))]
    [InlineData("sample", typeof(SampleManifest))]
    [InlineData("evaluate", typeof(EvaluateManifest))]
    [InlineData("pipeline", typeof(PipelineManifest))]
    [InlineData("schedule", typeof(ScheduleSettings))]
    public void The_table_of_a_kind_is_what_the_records_say(string kind, Type record)
    {
        string text = File.ReadAllText(Document);
        string begin = $"<!-- fields of {kind}: made by DocumentationTests -->\n", end = $"<!-- end of {kind} -->";
        int from = text.IndexOf(begin, StringComparison.Ordinal) + begin.Length, to = text.IndexOf(end, StringComparison.Ordinal);
        Assert.True(from > begin.Length && to >= from, $"docs/manifests.md has no markers for {kind}");
        string made = FieldTables.Of(record);
        if (Environment.GetEnvironmentVariable("DBATCH_UPDATE_DOCS") == "1")
        {
            text = text[..from] + made + text[to..];
            File.WriteAllText(Document, text);
            to = from + made.Length;
        }
        Assert.True(text[from..to] == made, $"the table of {kind} in docs/manifests.md is stale: run this test with DBATCH_UPDATE_DOCS=1");
    }

    [Fact]
    public void Every_field_of_every_record_is_in_a_table()
    {
        string text = File.ReadAllText(Document);
        var records = typeof(JobManifest).Assembly.GetTypes()
            .Where(type => !type.IsAbstract && type.GetProperties().Any(property => property.IsDefined(typeof(FieldAttribute), false)))
            .ToList();
        Assert.True(records.Count > 12);
        foreach (var field in records.SelectMany(record => RecordShape.Of(record).Fields))
            Assert.Matches($@"\| `([A-Za-z.\[\]]*[.])?{field.Name}` \|", text);
    }

    [Fact]
    public void The_manifests_that_the_text_shows_are_good()
    {
        var shown = Fence().Matches(File.ReadAllText(Document)).ToList();
        Assert.True(shown.Count >= 4);
        foreach (Match match in shown)
        {
            var format = match.Groups[1].Value == "yaml" ? ManifestFormat.Yaml : ManifestFormat.Json;
            Assert.Empty(ManifestReader.Parse(Encoding.UTF8.GetBytes(match.Groups[2].Value), "docs", format, null).Problems);
        }
    }

    // Manifests stand in blocks of jsonc and yaml; lines of data in blocks of json.
    [GeneratedRegex(@"```(jsonc|yaml)\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Fence();
}
