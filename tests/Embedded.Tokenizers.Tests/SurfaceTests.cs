using System.Reflection;
using Microsoft.ML.Tokenizers;

namespace DiffusionBatch.Embedded.Tokenizers.Tests;

/// <summary>The stand-in's public surface is a subset of Microsoft.ML.Tokenizers 2.0.0's, member by member.</summary>
public sealed class SurfaceTests
{
    [Fact]
    public void Every_public_member_is_in_the_librarys_listing()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("surface")!;
        using var reader = new StreamReader(stream);
        var listing = reader.ReadToEnd().Split('\n').ToHashSet(StringComparer.Ordinal);

        var own = ApiSurface.Of(typeof(Tokenizer).Assembly);

        Assert.Contains("type Microsoft.ML.Tokenizers.BpeTokenizer : Microsoft.ML.Tokenizers.Tokenizer", own);
        Assert.Contains("static Microsoft.ML.Tokenizers.BpeTokenizer.Create(Microsoft.ML.Tokenizers.BpeOptions options) : Microsoft.ML.Tokenizers.BpeTokenizer", own);
        Assert.Equal([], own.Except(listing));
    }

    [Fact]
    public void The_copied_listing_is_part_of_the_reference()
    {
        var reference = File.ReadLines(SharedData.Require("reference/api/Microsoft.ML.Tokenizers-2.0.0.txt")).ToHashSet(StringComparer.Ordinal);
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("surface")!);
        while (reader.ReadLine() is { } line) Assert.Contains(line, reference);
    }
}
