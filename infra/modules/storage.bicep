// The storage account: the container that is the storage root, the queues, and where the API's package lies. It takes no key.

param location string
param tags { *: string }
param token string

@description('Who reads and writes it.')
param identityName string

// As src/Pipeline has them (PipelineConnection.Container, QueueNames); the tests compare.
var root = 'dbatch'
var controlQueue = 'dbatch-jobs'
var taskQueueNames = ['dbatch-tasks-high', 'dbatch-tasks-normal', 'dbatch-tasks-low']

// Storage Blob Data Owner: what the Functions host is documented to need; it holds what the pipeline does with blobs.
var blobOwner = 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
// Storage Queue Data Contributor: messages are sent, received, renewed and deleted, and counted by the scaler; and the host
// makes the queue of messages that it gives up.
var queueContributor = '974c5e8b-45b9-4653-ba55-5f855dd0fb88'

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: 'stdbatch${token}'
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: 'Standard_LRS' }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
  }

  resource blobService 'blobServices' = {
    name: 'default'

    resource files 'containers' = { name: root }
    resource packages 'containers' = { name: 'deployments' }
  }

  resource queueService 'queueServices' = {
    name: 'default'

    resource control 'queues' = { name: controlQueue }
    resource tasks 'queues' = [for name in taskQueueNames: { name: name }]
  }
}

resource roles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in [blobOwner, queueContributor]: {
    scope: account
    name: guid(account.id, identity.id, role)
    properties: {
      principalId: identity.properties.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
    }
  }
]

output account string = account.name
output blobs string = account.properties.primaryEndpoints.blob
output queues string = account.properties.primaryEndpoints.queue
output container string = root
output deployments string = '${account.properties.primaryEndpoints.blob}deployments'
output taskQueues string[] = taskQueueNames
