using Azure.Identity;
using DiffusionBatch.Pipeline.Hosting;

namespace DiffusionBatch.Pipeline.Tests.Hosting;

/// <summary>Which account a connection names, and who signs in to it. Nothing here goes to the network.</summary>
public sealed class StorageAccountTests
{
    const string Azurite =
        "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;"
        + "AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;"
        + "BlobEndpoint=http://127.0.0.1:10000/devstoreaccount1;QueueEndpoint=http://127.0.0.1:10001/devstoreaccount1;";

    [Theory]
    [InlineData("https://acct.blob.core.windows.net", "https://acct.blob.core.windows.net/files", "https://acct.queue.core.windows.net/q")]
    [InlineData("https://acct.blob.core.windows.net/", "https://acct.blob.core.windows.net/files", "https://acct.queue.core.windows.net/q")]
    [InlineData("https://acct.blob.core.chinacloudapi.cn", "https://acct.blob.core.chinacloudapi.cn/files",
        "https://acct.queue.core.chinacloudapi.cn/q")]
    public void The_address_of_the_blobs_gives_that_of_the_queues(string storage, string container, string queue)
    {
        var connection = new PipelineConnection { Storage = storage, Container = "files" };
        Assert.Equal(container, StorageAccount.Container(connection).Uri.ToString());
        Assert.Equal(queue, StorageAccount.Queue(connection, "q").Uri.ToString());
    }

    [Fact]
    public void Queues_may_lie_at_an_address_of_their_own()
    {
        var connection = new PipelineConnection
        {
            Storage = "https://127.0.0.1:10000/devstoreaccount1",
            Queues = "https://127.0.0.1:10001/devstoreaccount1/"
        };
        Assert.Equal("https://127.0.0.1:10000/devstoreaccount1/dbatch", StorageAccount.Container(connection).Uri.ToString());
        Assert.Equal("https://127.0.0.1:10001/devstoreaccount1/q", StorageAccount.Queue(connection, "q").Uri.ToString());
    }

    [Fact]
    public void A_connection_string_is_taken_as_it_is()
    {
        var connection = new PipelineConnection { Storage = Azurite };
        Assert.Equal("http://127.0.0.1:10000/devstoreaccount1/dbatch", StorageAccount.Container(connection).Uri.ToString());
        Assert.Equal("http://127.0.0.1:10001/devstoreaccount1/q", StorageAccount.Queue(connection, "q").Uri.ToString());
        Assert.True(StorageAccount.Container(connection).CanGenerateSasUri); // it holds the key
    }

    [Fact]
    public void With_an_address_no_key_is_held() =>
        Assert.False(StorageAccount.Container(new PipelineConnection { Storage = "https://acct.blob.core.windows.net" }).CanGenerateSasUri);

    [Fact]
    public void A_named_identity_signs_in_and_nobody_in_its_place() =>
        Assert.IsType<ManagedIdentityCredential>(
            AzureIdentity.Of(new PipelineConnection { Identity = "5b5e0b4c-2b6e-4d5f-8a59-0f7d0c3a2c11" }));

    [Fact]
    public void Without_a_name_whatever_identity_the_process_has_signs_in() =>
        Assert.IsType<DefaultAzureCredential>(AzureIdentity.Of(new PipelineConnection()));
}
