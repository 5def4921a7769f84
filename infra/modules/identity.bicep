// Who the API and the workers are. One identity for both: the index's tables belong to whoever made them.

param location string
param tags { *: string }
param name string

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: name
  location: location
  tags: tags
}

output principalId string = identity.properties.principalId
