using System.Text.RegularExpressions;
using DiffusionBatch.Testing;

namespace DiffusionBatch.Architecture.Tests;

/// <summary>The tests that docs/science.md names as proof are there.</summary>
public sealed partial class NamedTestsTests
{
    [Fact]
    public void A_test_that_the_docs_name_is_there()
    {
        string docs = File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "docs", "science.md"));
        var files = Directory.EnumerateFiles(Path.Combine(SharedData.RepositoryRoot, "tests"), "*Tests.cs", SearchOption.AllDirectories)
            .ToLookup(f => Path.GetFileNameWithoutExtension(f));
        Match[] named = [.. Named().Matches(docs).Cast<Match>()];
        Assert.InRange(named.Length, 12, 200);
        foreach (Match test in named)
            Assert.True(files[test.Groups[1].Value].Any(file => test.Groups[2].Length == 0
                || File.ReadAllText(file).Contains($" {test.Groups[2].Value}(", StringComparison.Ordinal)), $"{test.Value}: no such test");
    }

    [GeneratedRegex(@"`(\w+Tests)(?:\.(\w+))?`")]
    private static partial Regex Named();
}
