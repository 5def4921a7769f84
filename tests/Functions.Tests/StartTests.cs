using System.Diagnostics;
using DiffusionBatch.LocalHost;

namespace DiffusionBatch.Functions.Tests;

/// <summary>How the worker process starts, and how it doesn't.</summary>
public sealed class StartTests
{
    [Fact]
    public async Task A_start_warns_of_nothing_and_writes_no_keys()
    {
        string home = Directory.CreateTempSubdirectory("dbatch-home-").FullName;
        try
        {
            ApiHost api = await ApiHost.StartAsync(null, ("HOME", home));
            await api.DisposeAsync();
            Assert.True(api.Complaints.Length == 0, api.Complaints);
            Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(home, "*", SearchOption.AllDirectories),
                entry => entry.Contains("DataProtection", StringComparison.Ordinal));
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    [Theory]
    [InlineData("Files__MaxBytes", "many", "Files:MaxBytes is \"many\"")]
    [InlineData("RetentionDays", "0", "RetentionDays is \"0\"")]
    [InlineData("Pipeline__Index", "", "Give Index")]
    public async Task A_wrong_setting_is_told(string name, string value, string expected)
    {
        var settings = new Dictionary<string, string>
        {
            ["Pipeline__Folder"] = Path.GetTempPath(),
            ["Pipeline__Index"] = "index.db",
            [name] = value
        };
        var e = await Assert.ThrowsAsync<FunctionsHostException>(() =>
            FunctionsHost.StartAsync(new FunctionsHostOptions(AppContext.BaseDirectory) { Settings = settings },
                TestContext.Current.CancellationToken));
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled exception", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Started_without_a_host_it_says_what_starts_it()
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardError = true,
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "DiffusionBatch.Functions.dll") }
        };
        using Process worker = Process.Start(start)!;
        string error = await worker.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await worker.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal((2, true), (worker.ExitCode, error.Contains("started by a Functions host", StringComparison.Ordinal)));
    }
}
