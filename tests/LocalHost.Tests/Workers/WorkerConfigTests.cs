using DiffusionBatch.LocalHost.Workers;

namespace DiffusionBatch.LocalHost.Tests.Workers;

public sealed class WorkerConfigTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("dbatch-worker-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("{\"description\":", "malformed JSON at line 1, byte 16")]
    [InlineData("{\n\"description\": x}", "malformed JSON at line 2, byte 16")]
    [InlineData("{\"description\":{}}", "doesn't say what to start")]
    public void A_file_that_says_nothing_is_named_with_the_place(string text, string expected)
    {
        File.WriteAllText(Path.Combine(_folder, "worker.config.json"), text);
        string message = Assert.Throws<FunctionsHostException>(() => WorkerConfig.Read(_folder)).Message;
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.StartsWith(Path.Combine(_folder, "worker.config.json"), message, StringComparison.Ordinal);
        Assert.DoesNotContain("LineNumber", message, StringComparison.Ordinal); // the parser's words
    }
}
