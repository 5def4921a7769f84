using DiffusionBatch.Functions.Hosting;
using DiffusionBatch.Pipeline.Hosting;
using Microsoft.Extensions.Configuration;

namespace DiffusionBatch.Functions.Tests;

/// <summary>The account's setting in each form that Functions takes.</summary>
public sealed class FunctionsStorageTests
{
    [Fact]
    public void A_connection_string_is_the_account() =>
        Assert.Equal(("UseDevelopmentStorage=true", null, null), Filled(("AzureWebJobsStorage", "UseDevelopmentStorage=true")));

    [Fact]
    public void Addresses_and_an_identity_are_the_account() =>
        Assert.Equal(("https://a.blob.core.windows.net/", "https://a.queue.core.windows.net/", "client"), Filled(
            ("AzureWebJobsStorage:blobServiceUri", "https://a.blob.core.windows.net/"),
            ("AzureWebJobsStorage:queueServiceUri", "https://a.queue.core.windows.net/"),
            ("AzureWebJobsStorage:credential", "managedidentity"),
            ("AzureWebJobsStorage:clientId", "client")));

    [Fact]
    public void The_account_s_name_is_enough() =>
        Assert.Equal(("https://a.blob.core.windows.net", null, null), Filled(("AzureWebJobsStorage:accountName", "a")));

    [Fact]
    public void What_the_pipeline_s_own_settings_say_stays()
    {
        var connection = new PipelineConnection { Storage = "https://own.blob.core.windows.net", Identity = "own" };
        FunctionsStorage.Fill(connection, Settings(("AzureWebJobsStorage:accountName", "a"), ("AzureWebJobsStorage:clientId", "client")));
        Assert.Equal(("https://own.blob.core.windows.net", "own"), (connection.Storage, connection.Identity));
    }

    static (string? Storage, string? Queues, string? Identity) Filled(params (string Name, string Value)[] settings)
    {
        var connection = new PipelineConnection();
        FunctionsStorage.Fill(connection, Settings(settings));
        return (connection.Storage, connection.Queues, connection.Identity);
    }

    static IConfiguration Settings(params (string Name, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Name, (string?)s.Value))).Build();
}
